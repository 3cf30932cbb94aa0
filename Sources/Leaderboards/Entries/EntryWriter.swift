import Results

extension Entry {
  /// The text of `entry.yaml`; what has its default is left out.
  public var yaml: String {
    var lines = ["schema: \(Self.schema)"]
    for (key, text) in [
      ("name", name), ("submitter", submitter), ("paper", paper), ("licence", licence),
      ("defense", defense), ("version", version),
    ] {
      lines.append("\(key): \(Self.quoted(text))")
    }
    if results != "results" { lines.append("results: \(Self.quoted(results))") }
    if isPreliminary { lines.append("preliminary: true") }
    for (key, texts) in [("content", content), ("flags", flags), ("workers", workers)]
    where !texts.isEmpty {
      lines.append("\(key): [\(texts.map(Self.quoted).joined(separator: ", "))]")
    }
    if let note { lines.append("note: \(Self.quoted(note))") }
    if !links.isEmpty { lines.append("links:") }
    lines += links.map { "  - \(Self.quoted($0))" }
    if !recomputed.isEmpty { lines.append("recomputed:") }
    for item in recomputed {
      lines.append(
        "  - {date: \(Self.quoted(item.date)), tool: \(Self.quoted(item.tool)), "
          + "engine: \(item.engine), sampled: \(item.sampled), of: \(item.total), "
          + "agreed: \(item.agreed), seed: \(item.seed), "
          + "trials-sha256: \(Self.quoted(item.trialsSHA256))}")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A text as YAML in double quotes: as in JSON, with what YAML takes for a line break or refuses as
  /// `\u0085`.
  private static func quoted(_ text: String) -> String {
    var result = ""
    for scalar in CanonicalJSON.string(.string(text)).unicodeScalars {
      switch scalar.value {
      case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
