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

  private static let dangerous: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r"]

  private static func isNumber(_ value: String) -> Bool {
    value.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
      && Double(value).map(\.isFinite) == true
  }

  private static func quoted(_ field: String) -> String {
    // Scalars, not characters: "\r\n" is one character and would be missed.
    guard field.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else {
      return field
    }
    let doubled = field.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
    return "\"" + doubled + "\""
  }
}
