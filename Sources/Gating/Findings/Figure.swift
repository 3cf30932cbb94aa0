import Foundation

/// Numbers as the gate's messages show them.
public enum Figure {
  /// Three digits after the point; two significant digits where that would show nothing.
  ///
  /// `0` for zero itself; not finite numbers as `inf`, `-inf` and `nan`.
  public static func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    if value == 0 { return "0" }
    let size = value.magnitude
    // Without a locale, the point is a point everywhere.
    return String(format: size < 0.001 || size >= 1e7 ? "%.1e" : "%.3f", value)
  }

  /// With its sign, `+` too; the minus is the typographic one.
  public static func signed(_ value: Double) -> String {
    value == 0 ? "0" : (value < 0 ? "−" : "+") + text(value.magnitude)
  }

  /// A p value: `0.0004`, `< 0.0001`.
  public static func p(_ value: Double) -> String {
    if value < 0.0001 { return "< 0.0001" }
    return "= " + String(format: value < 0.01 ? "%.4f" : "%.3f", value)
  }
}
