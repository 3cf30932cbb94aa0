import Foundation

/// What people see of a name.
enum EntryName {
  /// Whether there is anything to see: no letter of no width alone.
  static func isVisible(_ name: String) -> Bool { name.unicodeScalars.contains(where: isVisible) }

  /// One text for names that look the same but for case, width and what is not seen.
  static func folded(_ name: String) -> String {
    let compatible = name.precomposedStringWithCompatibilityMapping
    let seen = compatible.unicodeScalars.filter(isVisible).map(String.init).joined()
    return seen.lowercased().precomposedStringWithCompatibilityMapping
  }

  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    // The blank pattern of Braille has no property that says so.
    if properties.isWhitespace || properties.isDefaultIgnorableCodePoint || scalar == "\u{2800}" {
      return false
    }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate,
      .unassigned:
      return false
    default: return true
    }
  }
}
