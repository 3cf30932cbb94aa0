/// The bundled digits, decoded.
struct Digits: Sendable {
  /// 64 pixel counts in 0...16 per image, row-major.
  let pixels: [UInt8]
  let labels: [UInt8]

  /// Decoded once, when first used.
  static let bundled = Digits(rows: DigitsTable.rows)

  /// Decodes the form that `DigitsTable` describes; letters are pixels, digits are labels.
  private init(rows: String) {
    var pixels: [UInt8] = []
    var labels: [UInt8] = []
    for character in rows.utf8 {
      switch character {
      case UInt8(ascii: "a")...UInt8(ascii: "q"): pixels.append(character - UInt8(ascii: "a"))
      case UInt8(ascii: "0")...UInt8(ascii: "9"): labels.append(character - UInt8(ascii: "0"))
      default: break
      }
    }
    precondition(pixels.count == 64 * labels.count, "the bundled digits are damaged")
    self.pixels = pixels
    self.labels = labels
  }
}
