public import Components
import Markup

/// The papers of the methods of some results, each once.
public struct Bibliography {
  /// A method, and where it comes from.
  public struct Use: Hashable, Sendable {
    /// Such as `krum (defense)`.
    public var name: String
    public var citations: [Citation]
    /// A word on where it comes from, for what has no paper.
    public var origin: String

    public init(_ name: String, citations: [Citation], origin: String) {
      self.name = name
      self.citations = citations
      self.origin = origin
    }
  }

  /// A program, as it is cited.
  public struct Software: Hashable, Sendable {
    public var title: String
    public var authors: String
    public var abstract: String
    /// Such as `0.5.0`; several where results are of several.
    public var versions: [String]

    public init(title: String, authors: String, abstract: String, versions: [String]) {
      self.title = title
      self.authors = authors
      self.abstract = abstract
      self.versions = versions
    }
  }

  private struct Paper {
    var key: String
    var citation: Citation
    var names: [String]
  }

  private let software: Software
  private let papers: [Paper]
  private let unpublished: [Use]
  private let remarks: [String]

  /// - Parameters:
  ///   - uses: The methods, in any order, each once.
  ///   - software: The program that made the results.
  ///   - remarks: Further lines, such as where settings come from.
  public init(_ uses: [Use], software: Software, remarks: [String] = []) {
    self.software = software
    self.remarks = remarks
    unpublished = uses.filter(\.citations.isEmpty).sorted { $0.name < $1.name }
    var names: [Citation: [String]] = [:]
    for use in uses {
      for citation in Set(use.citations) { names[citation, default: []].append(use.name) }
    }
    papers = Self.withKeys(Array(names.keys)).map {
      Paper(key: $0.key, citation: $0.citation, names: (names[$0.citation] ?? []).sorted())
    }
  }

  /// Sorted by key; papers whose keys are equal get letters, in the order of their lines.
  private static func withKeys(_ citations: [Citation]) -> [(key: String, citation: Citation)] {
    let keyed = citations.map { citation in
      (
        key: BibTeXText.key(citation.authors.first ?? "", citation.year, citation.title),
        citation: citation
      )
    }.sorted { ($0.key, $0.citation.description) < ($1.key, $1.citation.description) }
    var counts: [String: Int] = [:]
    return keyed.map { key, citation in
      counts[key, default: 0] += 1
      let count = counts[key] ?? 1
      return (key: count == 1 ? key : "\(key)-\(count)", citation: citation)
    }
  }

  /// BibTeX: the program first, then the papers by key, each below a comment that names its methods;
  /// last, comments on methods without a paper.
  public var bibtex: String {
    var parts = [
      BibTeXText.entry(
        "misc", BibTeXText.key(software.title),
        [
          ("author", "{\(BibTeXText.plain(software.authors))}"),
          ("title", "{\(BibTeXText.plain(software.title))}"),
          ("howpublished", BibTeXText.plain("Software, \(version)")),
          ("note", BibTeXText.plain(software.abstract)),
        ])
    ]
    parts += papers.map { paper in
      Self.comment(paper.names.joined(separator: ", ")) + Self.entry(paper.key, paper.citation)
    }
    let comments = unpublished.map { "\($0.name): \($0.origin.isEmpty ? "no paper" : $0.origin)" }
    let rest = (comments + remarks).map(Self.comment).joined()
    if !rest.isEmpty { parts.append(rest) }
    return parts.joined(separator: "\n")
  }

  /// One line per paper with the methods that it is cited for, then what has no paper.
  public var text: String {
    func line(_ text: String) -> String { Printable.escaped(text) + "\n" }
    var text = line(
      "\(software.authors). \(software.title). \(software.abstract) "
        + version.prefix(1).uppercased() + version.dropFirst() + ".")
    for paper in papers {
      text += line("\(paper.citation) [\(paper.names.joined(separator: ", "))]")
    }
    for use in unpublished {
      text += line("\(use.name): \(use.origin.isEmpty ? "no paper" : use.origin)")
    }
    for remark in remarks { text += line(remark) }
    return text
  }

  private var version: String {
    (software.versions.count == 1 ? "version " : "versions ")
      + software.versions.joined(separator: ", ")
  }

  /// A line outside of all entries, where BibTeX looks for nothing but `@`.
  private static func comment(_ text: String) -> String {
    "% " + Printable.escaped(text).replacing("@", with: "(at)") + "\n"
  }

  private static func entry(_ key: String, _ citation: Citation) -> String {
    let isArticle = isJournal(citation.venue)
    let isPreprint = citation.venue.isEmpty || citation.venue == "arXiv"
    let isRepository = citation.venue.hasSuffix("Repository")
    let type = isArticle ? "article" : isPreprint || isRepository ? "misc" : "inproceedings"
    let place = isArticle ? "journal" : isRepository ? "howpublished" : "booktitle"
    return BibTeXText.entry(
      type, key,
      [
        ("author", BibTeXText.authors(citation.authors)),
        ("title", BibTeXText.title(citation.title)),
        (place, isPreprint ? "" : BibTeXText.plain(citation.venue)),
        ("year", String(citation.year)),
        ("doi", citation.doi.map(BibTeXText.identifier) ?? ""),
        ("eprint", citation.arXiv.map(BibTeXText.identifier) ?? ""),
        ("archiveprefix", citation.arXiv == nil ? "" : "arXiv"),
      ])
  }

  /// Whether a venue is a journal and no conference.
  static func isJournal(_ venue: String) -> Bool {
    ["IEEE Transactions", "Journal of", "Proceedings of the IEEE", "Transactions on"]
      .contains { venue.hasPrefix($0) }
  }
}
