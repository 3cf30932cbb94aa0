/// A share of a count, taken as the decimal number that it is written as: 0.29 of 100 is 29.
///
/// In binary 0.29 · 100 is 28.999…96, so that rounding down would lose one.
public struct DecimalShare: Sendable, Hashable {
  /// The share is `digits` · 10^`-places`.
  private let digits: UInt64
  private let places: Int

  /// Takes the shortest decimal number that reads as `share`.
  ///
  /// - Precondition: `0 <= share <= 1`
  public init(_ share: Double) {
    precondition(share >= 0 && share <= 1, "DecimalShare: \(share) is not from 0 to 1")
    let parts = share.description.split(separator: "e")
    let number = parts[0].split(separator: ".")
    let fraction = number.count > 1 ? number[1] : ""
    digits = UInt64(number[0] + fraction) ?? 0
    places = fraction.count - (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
  }

  /// Returns share · `total` as a whole number.
  ///
  /// - Parameters:
  ///   - total: The count; at least 0.
  ///   - rule: How what is not whole is rounded, by default down.
  /// - Returns: 0 ... `total`.
  public func count(
    of total: Int, rounded rule: FloatingPointRoundingRule = .down
  ) -> Int {
    precondition(total >= 0, "DecimalShare: a share of \(total)")
    let product = UInt128(digits) * UInt128(total)
    // 10^38 is the largest power there is room for, and more than twice any product.
    var divisor: UInt128 = 1
    for _ in 0..<min(places, 38) { divisor *= 10 }
    let (whole, rest) = product.quotientAndRemainder(dividingBy: divisor)
    let isUp =
      switch rule {
      case .down, .towardZero: false
      case .up, .awayFromZero: rest > 0
      case .toNearestOrAwayFromZero: 2 * rest >= divisor
      case .toNearestOrEven: 2 * rest > divisor || 2 * rest == divisor && whole % 2 == 1
      @unknown default: false
      }
    return Int(whole) + (isUp ? 1 : 0)
  }
}
