import Foundation

/// Steps of 1, 2 or 5 times a power of ten, and the ticks that they give.
struct LinearTicks {
  var digits: Int
  var exponent: Int

  /// The smallest such step that is at least so large.
  init(atLeast size: Double) {
    exponent = size > 0 ? Int(log10(size).rounded(.down)) - 1 : -300
    digits = 5
    while step < size * (1 - 1e-9) { grow() }
  }

  var step: Double { TickNumber(digits: digits, exponent: exponent).value }

  /// The next larger step.
  mutating func grow() {
    switch digits {
    case 1: digits = 2
    case 2: digits = 5
    default: (digits, exponent) = (1, exponent + 1)
    }
  }

  /// The multiples of the step from the first at or above an end to the last at or below the other.
  ///
  /// - Precondition: `high - low` is less than some thousand steps.
  func numbers(from low: Double, to high: Double) -> [TickNumber] {
    // What rounding makes of an end must not lose its tick.
    let slack = 1e-9
    let first = Int((low / step - slack).rounded(.up))
    let last = Int((high / step + slack).rounded(.down))
    guard first <= last else { return [] }
    return (first...last).map { TickNumber(digits: $0 * digits, exponent: exponent) }
  }

  /// The multiples of the step around a range.
  func hull(of low: Double, _ high: Double) -> (low: Double, high: Double) {
    let slack = 1e-9
    let first = Int((low / step + slack).rounded(.down))
    let last = Int((high / step - slack).rounded(.up))
    return (
      TickNumber(digits: first * digits, exponent: exponent).value,
      TickNumber(digits: last * digits, exponent: exponent).value
    )
  }

  /// The texts of an axis, all in the same form.
  static func texts(_ numbers: [TickNumber]) -> [String] {
    let largest = numbers.filter { $0.digits != 0 }.map(\.magnitude).max() ?? 0
    let isPlain = (-4...6).contains(largest)
    return numbers.map { isPlain ? $0.plain : $0.scientific }
  }
}
