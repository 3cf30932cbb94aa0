import Diagnostics

extension CheckContext {
  private static let limits: [(key: String, limit: Int)] = [
    ("name", 60), ("submitter", 120), ("paper", 600), ("licence", 80), ("defense", 120),
    ("version", 80), ("note", 2_000),
  ]

  private func text(_ key: String) -> String? {
    switch key {
    case "name": entry.name
    case "submitter": entry.submitter
    case "paper": entry.paper
    case "licence": entry.licence
    case "defense": entry.defense
    case "version": entry.version
    default: entry.note
    }
  }

  /// S015, S016.
  func texts() -> [EntryFinding] {
    var findings: [EntryFinding] = []
    for key in ["paper", "licence", "submitter"] {
      let word = (text(key) ?? "").lowercased().filter { !$0.isWhitespace && $0 != "." }
      // One that cannot be seen at all is told below.
      if !word.isEmpty, !EntryName.isVisible(word) { continue }
      if word.isEmpty || ["todo", "tbd", "none", "n/a", "-", "?", "unknown", "x"].contains(word) {
        findings.append(
          EntryFinding(
            .provenance, file: entryPath, place: "/\(key)",
            "\(key) says '\(excerpt(text(key) ?? ""))', which is none"))
      }
    }
    for (key, limit) in Self.limits {
      guard let text = text(key) else { continue }
      if !EntryName.isVisible(text) {
        findings.append(
          EntryFinding(
            .lengths, file: entryPath, place: "/\(key)", "\(key) has nothing that can be seen"))
      }
      if text.utf8.count > limit {
        findings.append(
          EntryFinding(
            .lengths, file: entryPath, place: "/\(key)",
            "\(key) has \(text.utf8.count) bytes, and \(limit) are the most"))
      }
      if key != "note",
        text.unicodeScalars.contains(where: { "\n\r\u{85}\u{2028}".unicodeScalars.contains($0) })
      {
        findings.append(
          EntryFinding(.lengths, file: entryPath, place: "/\(key)", "\(key) has several lines"))
      }
    }
    if entry.links.count > 10 {
      findings.append(
        EntryFinding(
          .lengths, file: entryPath, place: "/links",
          "there are \(entry.links.count) links, and 10 are the most"))
    }
    for (index, link) in entry.links.prefix(10).enumerated() where !Self.isAddress(link) {
      findings.append(
        EntryFinding(
          .lengths, file: entryPath, place: "/links/\(index)",
          "'\(excerpt(link))' is no https address of at most 300 letters"))
    }
    return findings
  }

  /// Only letters that an address is made of: a link never needs to be read twice.
  static func isAddress(_ link: String) -> Bool {
    link.hasPrefix("https://") && (10...300).contains(link.utf8.count)
      && link.utf8.allSatisfy {
        (0x21...0x7E).contains($0) && !"\"'<>\\^`{|}".utf8.contains($0)
      }
  }
}
