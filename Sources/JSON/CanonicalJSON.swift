/// The one way in which Gauntlet writes JSON that is hashed or compared.
///
/// The format is RFC 8785 (JSON Canonicalization Scheme), so that any tool can compute a trial's
/// key again: no white space; object keys sorted by their UTF-16 code units; strings with only
/// `"`, `\` and control characters escaped (`\b \t \n \f \r`, else `\u00xx` in lower case), slashes
/// and all other characters as they are, in UTF-8; numbers as ECMAScript prints them.
///
/// Deviation: an `.integer` beyond 2^53 keeps all its digits, where the RFC would round it.
///
/// This format is part of the `engine` number: changing it changes every key.
public enum CanonicalJSON {
  /// The canonical text of a value.
  ///
  /// - Precondition: every number is finite.
  /// - Complexity: O(length), plus sorting the keys of each object.
  public static func string(_ value: JSONValue) -> String {
    var text = ""
    write(value, to: &text)
    return text
  }

  private static func write(_ value: JSONValue, to text: inout String) {
    switch value {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += number(value)
    case .string(let value): quote(value, to: &text)
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        write(value, to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      let keys = members.keys.sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) }
      for (index, key) in keys.enumerated() {
        if index > 0 { text += "," }
        quote(key, to: &text)
        text += ":"
        write(members[key] ?? .null, to: &text)
      }
      text += "}"
    }
  }

  private static func quote(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\u{8}": text += "\\b"
      case "\t": text += "\\t"
      case "\n": text += "\\n"
      case "\u{c}": text += "\\f"
      case "\r": text += "\\r"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
