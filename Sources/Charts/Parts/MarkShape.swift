/// The shapes of marks, which tell groups apart where colors do not.
enum MarkShape {
  /// Path commands relative to the middle; shapes repeat after eight.
  static func commands(_ index: Int) -> String { shapes[index.quotientAndRest(8).rest] }

  /// A color and a shape for each group: after eight groups colors meet other shapes, and all 64
  /// pairs come before one comes again.
  static func style(ofGroup group: Int) -> (color: Int, shape: Int) {
    (group % 8, (group + group / 8) % 8)
  }

  private static let shapes = [
    // Circle, square, upright triangle, diamond, hanging triangle, plus, cross, bar.
    "m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0z",
    "m-2.7-2.7h5.4v5.4h-5.4z",
    "m0-3.6l3.6 6.2h-7.2z",
    "m0-3.9l3.5 3.9l-3.5 3.9l-3.5-3.9z",
    "m0 3.6l3.6-6.2h-7.2z",
    "m-1.2-3.6h2.4v2.4h2.4v2.4h-2.4v2.4h-2.4v-2.4h-2.4v-2.4h2.4z",
    "m-1.8-3.6l1.8 1.8l1.8-1.8l1.8 1.8l-1.8 1.8l1.8 1.8l-1.8 1.8l-1.8-1.8l-1.8 1.8l-1.8-1.8l1.8-1.8l-1.8-1.8z",
    "m-3.8-1.5h7.6v3h-7.6z",
  ]
}

extension Int {
  /// Quotient and remainder where the remainder is never negative.
  func quotientAndRest(_ divisor: Int) -> (quotient: Int, rest: Int) {
    let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
  }
}
