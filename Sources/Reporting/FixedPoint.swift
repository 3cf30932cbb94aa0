import Foundation

/// Numbers with a fixed count of digits after the point.
enum FixedPoint {
  /// The rounded number; what rounds to zero has no sign.
  ///
  /// From ten million on it is in scientific form, so that no explosion widens a table. Edge
  /// cases: the mean of finite values may overflow, and then it is `inf`.
  static func text(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    if value.magnitude >= 1e7 { return formatted("%.2e", value) }
    let text = formatted("%.\(digits)f", value)
    let isZero = text.allSatisfy { "-0.".contains($0) }
    return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
  }

  /// A standard deviation: below one it has no digit before the point, as in `.014`.
  static func spread(_ value: Double, _ digits: Int) -> String {
    let text = text(value, digits)
    return text.hasPrefix("0.") ? String(text.dropFirst()) : text
  }

  private static func formatted(_ format: String, _ value: Double) -> String {
    // Without a locale, the point is a point everywhere.
    String(format: format, value)
  }
}
