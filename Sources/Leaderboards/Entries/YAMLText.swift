import Results

/// Texts of anybody in YAML.
package enum YAMLText {
  /// A text in double quotes: as in JSON, with what YAML takes for a line break or refuses, and what
  /// reverses the writing direction, as `\u0085`.
  package static func quoted(_ text: String) -> String {
    var result = ""
    for scalar in CanonicalJSON.string(.string(text)).unicodeScalars {
      switch scalar.value {
      case 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFFE,
        0xFFFF:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
