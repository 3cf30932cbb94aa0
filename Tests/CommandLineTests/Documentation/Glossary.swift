import Foundation
import Testing
import _TestSupport

/// What the program lists, as `list KIND --format json` prints it.
enum Glossary {
  struct Entry: Decodable {
    struct Parameter: Decodable {
      let name: String
      let values: String
      let `default`: String
      let help: String
    }

    let id: String
    let summary: String
    let parameters: [Parameter]?
    let formula: String?
    let preconditions: String?
    let paper: String?
    let tier: String?
    let needs: String?
    let traits: String?
    let bound: String?
    let unit: String?
    let range: String?
    let better: String?
    let tolerance: String?
    let decidedFor: String?
    let values: String?
    let standard: String?
    let condition: String?

    enum CodingKeys: String, CodingKey {
      case id, summary, parameters, formula, preconditions, paper, needs, traits, unit, range
      case values
      case tier = "threat tier"
      case bound = "proven bound"
      case better = "better for the defender"
      case tolerance = "gated by default, tolerance"
      case decidedFor = "decided for"
      case standard = "default"
      case condition = "only with"
    }

    /// Where it comes from, line by line.
    var sources: [Source] { (paper ?? "").split(separator: "\n").map { Source(String($0)) } }
  }

  static func entries(_ kind: String) throws -> [Entry] {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(["list", kind, "--format", "json"], in: folder.path)
    try #require(outcome.status == 0 && outcome.errors.isEmpty)
    return try JSONDecoder().decode([Entry].self, from: Data(outcome.output.utf8))
  }
}

/// A line that says where a method comes from: a citation, or a remark.
struct Source {
  let text: String
  private let authors: [String]
  private let venue: String
  private let year: String
  private let address: String?

  init(_ text: String) {
    self.text = text
    let citation =
      /(?<authors>.+?)\. (?<title>.+)\. (?<venue>.*?) ?(?<year>\d{4})\.(?: doi:(?<doi>\S+))?(?: arXiv:(?<arxiv>\S+))?/
    guard let match = text.wholeMatch(of: citation) else {
      (authors, venue, year, address) = ([], "", "", nil)
      return
    }
    authors = match.authors.components(separatedBy: ", ")
    venue = String(match.venue)
    year = String(match.year)
    address =
      match.doi.map { "https://doi.org/\($0)" } ?? match.arxiv.map { "https://arxiv.org/abs/\($0)" }
  }

  var isCitation: Bool { !authors.isEmpty }

  /// Such as `Blanchard et al., NeurIPS 2017`, linked where there is an address.
  var short: String {
    let who =
      authors.count > 2 ? "\(authors[0]) et al." : authors.joined(separator: " and ")
    let place = venue.isEmpty ? (address?.contains("arxiv") == true ? "arXiv " : "") : venue + " "
    let name = Markdown.text("\(who), \(place)\(year)")
    return address.map { "[\(name)](\($0))" } ?? name
  }

  /// The whole line, with its addresses as links.
  var full: String {
    Markdown.text(text)
      .replacing(/doi:(\S+)/) { "[doi:\($0.output.1)](https://doi.org/\($0.output.1))" }
      .replacing(/arXiv:(\S+)/) { "[arXiv:\($0.output.1)](https://arxiv.org/abs/\($0.output.1))" }
  }
}

/// Text in Markdown.
enum Markdown {
  /// Text with its code in backticks left alone and everything else taken literally.
  static func text(_ text: String) -> String {
    let pieces = text.split(separator: "`", omittingEmptySubsequences: false)
    guard pieces.count % 2 == 1 else { return escaped(text) }
    return pieces.enumerated().map { index, piece in
      index % 2 == 0 ? escaped(String(piece)) : "`\(piece)`"
    }.joined()
  }

  private static func escaped(_ text: String) -> String {
    text.map { "\\`*_<[]|~$".contains($0) ? "\\\($0)" : "\($0)" }.joined()
  }

  static func table(_ header: [String], _ rows: [[String]]) -> String {
    let lines = [header, header.map { _ in "---" }] + rows
    return lines.map { line in
      "| " + line.map { $0.replacing("\n", with: " ") }.joined(separator: " | ") + " |"
    }.joined(separator: "\n")
  }

  /// Code that may hold a vertical bar, for a table.
  static func code(_ text: String) -> String { "`\(text.replacing("|", with: "\\|"))`" }

  /// Text as it is, wrapped at a width that a site shows without scrolling.
  static func block(_ text: String, width: Int = 74) -> String {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n") {
      var line = ""
      for word in paragraph.split(separator: " ") {
        if !line.isEmpty && line.count + 1 + word.count > width {
          lines.append(line)
          line = "  " + word
        } else {
          line += (line.isEmpty ? "" : " ") + word
        }
      }
      lines.append(line)
    }
    return "```text\n" + lines.joined(separator: "\n") + "\n```"
  }
}
