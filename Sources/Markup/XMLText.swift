/// Texts of others inside XML 1.0.
public enum XMLText {
  /// The text as the value of an attribute in double quotes.
  ///
  /// Line breaks and tabs become references, or a parser would read them as spaces. Characters
  /// that XML 1.0 forbids in any form are dropped.
  public static func attribute(_ text: String) -> String {
    escaped(text) { scalar in
      switch scalar {
      case "\"": "&quot;"
      case "\t", "\n", "\r": "&#\(scalar.value);"
      default: nil
      }
    }
  }

  /// The text as content of an element, forbidden characters dropped.
  public static func content(_ text: String) -> String {
    escaped(text) { $0 == "\r" ? "&#13;" : nil }
  }

  private static func escaped(
    _ text: String, _ special: (Unicode.Scalar) -> String?
  ) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where isAllowed(scalar) {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      default:
        if let replacement = special(scalar) {
          result.append(contentsOf: replacement.unicodeScalars)
        } else {
          result.append(scalar)
        }
      }
    }
    return String(result)
  }

  /// Whether the production `Char` of XML 1.0 has it; Swift's scalars hold no surrogates.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD: true
    case 0..<0x20, 0xFFFE, 0xFFFF: false
    default: true
    }
  }
}
