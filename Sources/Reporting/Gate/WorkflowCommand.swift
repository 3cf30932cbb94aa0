/// One annotation in the form that GitHub's runner reads from standard output.
///
/// `::error file=…,line=…,title=…::message`; in messages `%`, carriage returns and line feeds are
/// written as `%25`, `%0D` and `%0A`, and in properties `:` and `,` as `%3A` and `%2C` too, as the
/// runner decodes them.
struct WorkflowCommand: Sendable {
  enum Level: String, Sendable {
    case error
    case warning
  }

  var level: Level
  var file: String?
  /// Counted from 1.
  var line: Int?
  var title: String
  var message: String

  /// The command in one line, without a line feed.
  ///
  /// Titles are cut after 200 characters and messages after 1000: GitHub cuts them at 4 KiB. A
  /// line without a file means nothing and is left out.
  var text: String {
    var properties: [String] = []
    if let file {
      properties.append("file=\(Self.property(file))")
      if let line { properties.append("line=\(line)") }
    }
    properties.append("title=\(Self.property(Self.cut(title, to: 200)))")
    return "::\(level.rawValue) \(properties.joined(separator: ","))"
      + "::\(Self.data(Self.cut(message, to: 1000)))"
  }

  /// Escapes a message.
  static func data(_ text: String) -> String { escaped(text, Self.inData) }

  /// Escapes the value of a property.
  static func property(_ text: String) -> String { escaped(text, Self.inProperty) }

  private static func escaped(_ text: String, _ codes: [Unicode.Scalar: String]) -> String {
    // Scalars, not characters: "\r\n" is one character.
    text.unicodeScalars.map { codes[$0] ?? String($0) }.joined()
  }

  private static func cut(_ text: String, to count: Int) -> String {
    let start = text.unicodeScalars.prefix(count)
    return start.endIndex == text.endIndex ? text : String(start) + "…"
  }

  private static let inData: [Unicode.Scalar: String] = ["%": "%25", "\r": "%0D", "\n": "%0A"]
  private static let inProperty = inData.merging([":": "%3A", ",": "%2C"]) { first, _ in first }
}
