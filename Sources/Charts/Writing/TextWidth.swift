/// Estimated widths of texts.
///
/// No font is at hand when a drawing is written, and which one a reader has is not known: the style
/// sheet asks for Arial or Liberation Sans, and takes what the system calls sans-serif. The tables
/// have for each character the larger of its widths in Helvetica, which those two equal, and in
/// DejaVu Sans, which is the widest of the usual ones. A cut text therefore fits with any of them.
enum TextWidth {
  /// The weights that the style sheet has.
  enum Weight {
    case regular, bold
  }

  /// In pixels, for a font of so many pixels.
  static func estimate(_ text: String, size: Double, weight: Weight = .regular) -> Double {
    text.unicodeScalars.reduce(0) { $0 + width($1, weight) } * size
  }

  /// The text cut to a width, with an ellipsis where something is missing.
  ///
  /// - Complexity: O(w) for a width of w pixels, however long the text, unless it is of combining
  ///   marks; these are cut after 400 scalars.
  static func cut(
    _ text: String, to width: Double, size: Double, weight: Weight = .regular
  ) -> String {
    let room = width / size
    var taken = 0.0
    var lastFit = text.unicodeScalars.startIndex
    var count = 0
    let scalars = text.unicodeScalars
    var index = scalars.startIndex
    while index < scalars.endIndex {
      taken += self.width(scalars[index], weight)
      count += 1
      guard taken <= room, count <= 400 else {
        return String(scalars[..<lastFit]).trimmingEnd() + "…"
      }
      index = scalars.index(after: index)
      if taken + 1 <= room { lastFit = index }
    }
    return text
  }

  private static func width(_ scalar: Unicode.Scalar, _ weight: Weight) -> Double {
    if scalar.value >= 0x20, scalar.value < 0x7F {
      return (weight == .bold ? bold : regular)[Int(scalar.value) - 0x20]
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x2070...0x209F, 0xB2, 0xB3, 0xB9: return weight == .bold ? 0.45 : 0.41
    // Wide ones from Hangul, ideographs and pictures on; "…" takes as much.
    case 0x1100...0x115F, 0x2026, 0x2E80...0xD7FF, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFFE6, 0x1F000...0x3FFFD:
      return 1
    // Arrows and signs of mathematics.
    case 0xB1, 0xD7, 0xF7, 0x2190...0x22FF: return 0.84
    default: return weight == .bold ? 0.8 : 0.73
    }
  }

  private static let regular: [Double] = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337,  // space to /
    637, 637, 637, 637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 556,  // 0 to ?
    1015, 685, 687, 722, 771, 667, 611, 778, 752, 295, 500, 667, 558, 863, 749, 788,  // @ to O
    667, 788, 722, 667, 611, 732, 685, 989, 686, 667, 686, 391, 337, 391, 838, 556,  // P to _
    500, 613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580, 278, 975, 634, 612,  // ` to o
    635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637, 337, 637, 838,  // p to ~
  ].map { $0 / 1000 }

  private static let bold: [Double] = [
    349, 457, 521, 838, 696, 1002, 873, 307, 458, 458, 523, 838, 380, 416, 380, 366,  // space to /
    696, 696, 696, 696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 611,  // 0 to ?
    1000, 774, 763, 734, 831, 684, 684, 821, 837, 373, 556, 775, 638, 996, 837, 851,  // @ to O
    733, 851, 771, 721, 683, 813, 774, 1104, 771, 725, 726, 458, 366, 458, 838, 556,  // P to _
    500, 675, 716, 593, 716, 679, 436, 716, 712, 343, 343, 666, 343, 1042, 712, 688,  // ` to o
    716, 716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712, 366, 712, 838,  // p to ~
  ].map { $0 / 1000 }
}

extension String {
  fileprivate func trimmingEnd() -> String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
