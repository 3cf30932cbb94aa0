extension Entry {
  /// The text of `entry.yaml`; what has its default is left out.
  public var yaml: String {
    var lines = ["schema: \(Self.schema)"]
    for (key, text) in [
      ("name", name), ("submitter", submitter), ("paper", paper), ("licence", licence),
      ("defense", defense), ("version", version),
    ] {
      lines.append("\(key): \(YAMLText.quoted(text))")
    }
    if results != "results" { lines.append("results: \(YAMLText.quoted(results))") }
    if isPreliminary { lines.append("preliminary: true") }
    for (key, texts) in [("content", content), ("flags", flags), ("workers", workers)]
    where !texts.isEmpty {
      lines.append("\(key): [\(texts.map(YAMLText.quoted).joined(separator: ", "))]")
    }
    if let note { lines.append("note: \(YAMLText.quoted(note))") }
    if !links.isEmpty { lines.append("links:") }
    lines += links.map { "  - \(YAMLText.quoted($0))" }
    return lines.joined(separator: "\n") + "\n"
  }
}
