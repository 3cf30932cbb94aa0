/// Reads decimal numbers from text, most of them without the C library.
enum DecimalNumeral {
  private static let powers: [Double] = (0...22).map { power in
    (0..<power).reduce(1) { product, _ in product * 10 }
  }

  /// Returns the number that bytes spell, rounded to double and then to single precision; `nil`
  /// where they spell none in decimal notation, or one that is infinite in single precision.
  static func value(_ bytes: [UInt8], in range: Range<Int>) -> Float? {
    var digits: UInt64 = 0
    var digitCount = 0
    var fractionCount = 0
    var hasPoint = false
    var isPlain = true
    for index in range {
      let byte = bytes[index]
      switch byte {
      case 48...57:
        digitCount += 1
        if digitCount <= 18 { digits = 10 * digits + UInt64(byte - 48) }
        if hasPoint { fractionCount += 1 }
      case UInt8(ascii: "."):
        guard !hasPoint else { return nil }
        hasPoint = true
      case UInt8(ascii: "-") where index == range.lowerBound: break
      case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
        isPlain = false
      default: return nil
      }
    }
    guard digitCount > 0 else { return nil }
    if isPlain, digitCount <= 18 {
      let size = Double(digits) / powers[fractionCount]
      let value = bytes[range.lowerBound] == UInt8(ascii: "-") ? -size : size
      // Two roundings may be off by one unit each; that matters next to a tie alone.
      if Float(value.nextDown.nextDown) == Float(value.nextUp.nextUp) { return Float(value) }
    }
    guard let value = Double(String(decoding: bytes[range], as: UTF8.self)) else { return nil }
    let rounded = Float(value)
    return rounded.isFinite ? rounded : nil
  }
}
