/// Comma-separated values: quoting as in RFC 4180, lines ending in a line feed.
///
/// Names come from third parties, and spreadsheets run a cell that starts like a formula, so texts
/// are disarmed and numbers are not.
public enum CSV {
  /// One line with its line feed; fields are quoted where they need it.
  public static func line(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\n"
  }

  /// A text that no spreadsheet takes for a formula.
  ///
  /// One that starts with `=`, `+`, `-`, `@`, a tab or a carriage return gets a leading
  /// apostrophe, unless all of it is a decimal number such as `-0.5`.
  public static func text(_ value: String) -> String {
    guard let first = value.unicodeScalars.first, dangerous.contains(first), !isNumber(value)
    else { return value }
    return "'" + value
  }

  /// The fields of one line, without its line feed, as ``line(_:)`` quotes them; bytes that are not
  /// UTF-8 are replaced.
  static func fields(_ line: some Sequence<UInt8>) -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var wasQuote = false
    for byte in line {
      let isQuote = byte == UInt8(ascii: "\"")
      if isQuote {
        isQuoted.toggle()
        // A second quote after one that seemed to be the last stands for itself.
        if isQuoted, wasQuote { field.append(byte) }
      } else if byte == UInt8(ascii: ","), !isQuoted {
        fields.append(String(decoding: field, as: UTF8.self))
        field = []
      } else {
        field.append(byte)
      }
      wasQuote = isQuote
    }
    return fields + [String(decoding: field, as: UTF8.self)]
  }

  private static let dangerous: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r"]

  private static func isNumber(_ value: String) -> Bool {
    value.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
      && Double(value).map(\.isFinite) == true
  }

  private static func needsQuotes(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
    default: false
    }
  }

  private static func quoted(_ field: String) -> String {
    // Bytes, not characters: "\r\n" is one character and would be missed.
    guard field.utf8.contains(where: needsQuotes) else { return field }
    let doubled = field.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
    return "\"" + doubled + "\""
  }
}
