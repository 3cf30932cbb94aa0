import Foundation

/// Numbers with a fixed count of digits after the point.
public enum FixedPoint {
  /// The rounded number; what rounds to zero has no sign.
  ///
  /// From ten million on it is in scientific form, so that no explosion widens a table. Edge
  /// cases: the mean of finite values may overflow, and then it is `inf`.
  public static func text(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    if value.magnitude >= 1e7 { return formatted("%.2e", value) }
    if let text = quickText(value, digits) { return text }
    let text = formatted("%.\(digits)f", value)
    let isZero = text.allSatisfy { "-0.".contains($0) }
    return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
  }

  /// A standard deviation: below one it has no digit before the point, as in `.014`.
  public static func spread(_ value: Double, _ digits: Int) -> String {
    let text = text(value, digits)
    return text.hasPrefix("0.") ? String(text.dropFirst()) : text
  }

  /// The number by way of whole ones, a tenth of the time; `nil` where it might be rounded another
  /// way, close to the middle between two texts.
  private static func quickText(_ value: Double, _ digits: Int) -> String? {
    guard powers.indices.contains(digits) else { return nil }
    let scaled = value.magnitude * Double(powers[digits])
    // Below this size the product misses the exact one by less than the distance kept.
    guard scaled < 1e9, (scaled - scaled.rounded(.down) - 0.5).magnitude > 1e-6 else { return nil }
    let number = Int(scaled.rounded())
    let sign = value < 0 && number > 0 ? "-" : ""
    let (whole, rest) = number.quotientAndRemainder(dividingBy: powers[digits])
    if digits == 0 { return sign + String(whole) }
    let fraction = String(rest)
    return sign + String(whole) + "."
      + String(repeating: "0", count: digits - fraction.utf8.count) + fraction
  }

  private static let powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]

  private static func formatted(_ format: String, _ value: Double) -> String {
    // Without a locale, the point is a point everywhere.
    String(format: format, value)
  }
}
