import Foundation

/// Ticks of a logarithmic axis: decades, their halves, or within a decade those of a linear one.
enum LogarithmicTicks {
  /// The numbers 1, 2 and 5 of each decade with a coarseness of 0, each k-th decade with one of k.
  static func numbers(from low: Double, to high: Double, coarseness: Int) -> [TickNumber] {
    let slack = 1e-9
    let decades = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    let digits = coarseness == 0 ? [1, 2, 5] : [1]
    return decades.filter { coarseness < 2 || $0.isMultiple(of: coarseness) }.flatMap { decade in
      digits.map { TickNumber(digits: $0, exponent: decade) }
    }.filter { $0.value >= low * (1 - slack) && $0.value <= high * (1 + slack) }
  }

  /// The nearest of 1, 2 or 5 times a power of ten at or below the low end, and above the high one.
  static func hull(of low: Double, _ high: Double) -> (low: Double, high: Double) {
    let slack = 1e-9
    let below = candidates(around: low).last { $0 <= low * (1 + slack) }
    let above = candidates(around: high).first { $0 >= high * (1 - slack) }
    return (below ?? low, above ?? high)
  }

  /// The texts of an axis: powers where all are, and any is far from 1.
  static func texts(_ numbers: [TickNumber]) -> [String] {
    let magnitudes = numbers.map(\.magnitude)
    guard let least = magnitudes.min(), let most = magnitudes.max() else { return [] }
    if least >= -4, most <= 6, most - least <= 6 { return numbers.map(\.plain) }
    let arePowers = numbers.allSatisfy { $0.digits == 1 }
    return numbers.map { arePowers ? TickNumber.power($0.exponent) : $0.scientific }
  }

  private static func candidates(around value: Double) -> [Double] {
    let decade = Int(log10(value).rounded(.down))
    return (decade - 1...decade + 1).flatMap { decade in
      [1, 2, 5].map { TickNumber(digits: $0, exponent: decade).value }
    }
  }
}
