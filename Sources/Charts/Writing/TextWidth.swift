/// Estimated widths of texts.
///
/// No font is at hand when a drawing is written. The table has the widths of Helvetica, which those
/// of Arial and Liberation Sans equal, plus 6 %; these come first in the style sheet. DejaVu Sans
/// and Verdana are up to 15 % wider than the estimate, which the gaps between labels hold for
/// usual names.
enum TextWidth {
  /// In pixels, for a font of so many pixels.
  static func estimate(_ text: String, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + width($1) } * size * 1.06
  }

  /// The text cut to a width, with an ellipsis where something is missing.
  ///
  /// - Complexity: O(w) for a width of w pixels, however long the text, unless it is of combining
  ///   marks; these are cut after 400 scalars.
  static func cut(_ text: String, to width: Double, size: Double) -> String {
    let room = width / (size * 1.06)
    var taken = 0.0
    var lastFit = text.unicodeScalars.startIndex
    var count = 0
    let scalars = text.unicodeScalars
    var index = scalars.startIndex
    while index < scalars.endIndex {
      taken += self.width(scalars[index])
      count += 1
      guard taken <= room, count <= 400 else {
        return String(scalars[..<lastFit]).trimmingEnd() + "…"
      }
      index = scalars.index(after: index)
      if taken + 1 <= room { lastFit = index }
    }
    return text
  }

  private static func width(_ scalar: Unicode.Scalar) -> Double {
    if scalar.value >= 0x20, scalar.value < 0x7F { return ascii[Int(scalar.value) - 0x20] }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x2070...0x209F, 0xB2, 0xB3, 0xB9: return 0.333
    // Wide ones from Hangul, ideographs and pictures on; "…" takes as much.
    case 0x1100...0x115F, 0x2026, 0x2E80...0xD7FF, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFFE6, 0x1F000...0x3FFFD:
      return 1
    default: return 0.667
    }
  }

  private static let ascii: [Double] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,  // space to /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,  // 0 to ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,  // @ to O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,  // P to _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,  // ` to o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,  // p to ~
  ].map { $0 / 1000 }
}

extension String {
  fileprivate func trimmingEnd() -> String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
