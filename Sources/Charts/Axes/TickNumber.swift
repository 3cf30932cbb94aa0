/// A decimal number `digits × 10^exponent`, as ticks have it.
struct TickNumber: Hashable {
  var digits: Int
  var exponent: Int

  /// The nearest `Double`.
  var value: Double { Double("\(digits)e\(exponent)") ?? 0 }

  /// The power of ten of the first digit; 0 for zero.
  var magnitude: Int {
    digits == 0 ? 0 : exponent + String(digits.magnitude).utf8.count - 1
  }

  /// As people write it: `0.2`, `-1.5`, `1000`, never `-0` and without zeros that end nothing.
  var plain: String {
    let (digits, exponent) = withoutZeros
    let sign = digits < 0 ? "-" : ""
    let text = String(digits.magnitude)
    if exponent >= 0 { return sign + text + String(repeating: "0", count: exponent) }
    let padding = String(repeating: "0", count: max(0, 1 - exponent - text.utf8.count))
    let padded = padding + text
    return sign + padded.dropLast(-exponent) + "." + padded.suffix(-exponent)
  }

  /// Such as `2e-6` or `1.5e12`; zero is `0`.
  var scientific: String {
    guard digits != 0 else { return "0" }
    let mantissa = TickNumber(digits: digits, exponent: exponent - magnitude)
    return mantissa.plain + "e\(magnitude)"
  }

  /// A power of ten, such as `10⁻⁶`.
  static func power(_ exponent: Int) -> String {
    let raised: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
      "8": "⁸", "9": "⁹",
    ]
    return "10" + String(String(exponent).compactMap { raised[$0] })
  }

  private var withoutZeros: (Int, Int) {
    guard digits != 0 else { return (0, 0) }
    var (digits, exponent) = (digits, exponent)
    while digits.isMultiple(of: 10) { (digits, exponent) = (digits / 10, exponent + 1) }
    return (digits, exponent)
  }
}
