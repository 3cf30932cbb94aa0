import Results

/// Texts of anybody in YAML.
enum YAMLText {
  /// A text in double quotes: as in JSON, with what YAML takes for a line break or refuses as
  /// `\u0085`.
  static func quoted(_ text: String) -> String {
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
