import Foundation

/// A Markdown page that people read: the README, or an article of the documentation.
struct DocumentationPage: CustomStringConvertible {
  /// A block of code, with the line that its first line is.
  struct Block {
    let language: String
    let text: String
    let line: Int
  }

  /// From the root of the repository.
  let path: String
  let text: String

  var description: String { path }

  /// The root of the repository, also where this file is reached through a link.
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let articles = "Sources/Suite/Suite.docc"

  init(_ path: String) throws {
    self.path = path
    text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
  }

  /// The paths of the README and of all articles.
  static let paths: [String] = {
    let folder = root.appendingPathComponent(articles).path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return ["README.md"] + names.filter { $0.hasSuffix(".md") }.sorted().map { "\(articles)/\($0)" }
  }()

  /// Lines outside of blocks of code.
  var plainLines: [(line: Int, text: Substring)] {
    var isCode = false
    var lines: [(Int, Substring)] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if line.drop(while: { $0 == " " }).hasPrefix("```") {
        isCode.toggle()
      } else if !isCode {
        lines.append((index + 1, line))
      }
    }
    return lines
  }

  var blocks: [Block] {
    var blocks: [Block] = []
    var open: (language: String, indent: Int, line: Int)?
    var lines: [Substring] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let indent = line.prefix { $0 == " " }.count
      let body = line.dropFirst(indent)
      if !body.hasPrefix("```") {
        lines.append(line.dropFirst(min(indent, open?.indent ?? 0)))
      } else if let block = open {
        let text = lines.joined(separator: "\n") + "\n"
        blocks.append(Block(language: block.language, text: text, line: block.line))
        open = nil
      } else {
        open = (String(body.dropFirst(3)), indent, index + 2)
        lines = []
      }
    }
    return blocks
  }

  /// Pieces of code within sentences and tables.
  var codeSpans: [(line: Int, text: String)] {
    plainLines.flatMap { line in
      line.text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset % 2 == 1 }.map { (line.line, String($0.element)) }
    }
  }

  /// Targets of links and pictures, without those of other sites.
  var localLinks: [(line: Int, target: String)] {
    plainLines.flatMap { line in
      let withoutCode = line.text.split(separator: "`", omittingEmptySubsequences: false)
        .enumerated().map { $0.offset % 2 == 0 ? $0.element : "x" }.joined()
      return withoutCode.matches(of: /\]\(([^)\s]+)\)|<(doc:[^>]+)>/)
        .compactMap { ($0.output.1 ?? $0.output.2).map(String.init) }
        .filter { !$0.contains("://") && !$0.hasPrefix("mailto:") }.map { (line.line, $0) }
    }
  }

  /// Words of sentences: without code, tables, pictures, comments and the targets of links.
  var proseWordCount: Int {
    plainLines.map(\.text)
      .filter { !$0.hasPrefix("|") && !$0.hasPrefix("<") && !$0.hasPrefix("!") }
      .map { $0.replacing(/\]\([^)]*\)/, with: "]") }
      .flatMap { $0.split(whereSeparator: \.isWhitespace) }
      .count { $0.contains(where: { $0.isLetter || $0.isNumber }) }
  }
}
