extension CanonicalJSON {
  /// The shortest decimal text that reads back as the same double, as ECMAScript prints it.
  ///
  /// Plain digits for magnitudes from 1e-6 to below 1e21, else `d.ddde±x` without padding zeros;
  /// whole numbers have no fraction: `1`, `0.1`, `1e-7`, `1e+21`.
  ///
  /// Edge cases: -0 is written as `0`.
  ///
  /// - Precondition: `value` is finite; JSON has no other numbers.
  public static func number(_ value: Double) -> String {
    precondition(value.isFinite, "canonical JSON: \(value) is not a JSON number")
    return value == 0 ? "0" : text(of: value.magnitude.description, isNegative: value < 0)
  }

  /// The shortest decimal text that reads back as the same float, laid out as that of a double.
  ///
  /// - Precondition: `value` is finite.
  public static func number(_ value: Float) -> String {
    precondition(value.isFinite, "canonical JSON: \(value) is not a JSON number")
    return value == 0 ? "0" : text(of: value.magnitude.description, isNegative: value < 0)
  }

  private static func text(of description: String, isNegative: Bool) -> String {
    let sign = isNegative ? "-" : ""
    // Nearly always: digits without an exponent, which only lose the fraction of a whole number.
    if !description.utf8.contains(UInt8(ascii: "e")) {
      return sign + (description.hasSuffix(".0") ? description.dropLast(2) : description[...])
    }
    let (digits, point) = shortestDigits(of: description)
    let count = digits.count
    if count <= point, point <= 21 {
      return sign + digits + zeros(point - count)
    }
    if point > 0, point <= 21 {
      return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    }
    if point > -6, point <= 0 {
      return sign + "0." + zeros(-point) + digits
    }
    let exponent = point - 1
    let fraction = count > 1 ? "." + digits.dropFirst() : ""
    return sign + digits.prefix(1) + fraction + "e" + (exponent < 0 ? "-" : "+")
      + String(exponent.magnitude)
  }

  private static func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }

  /// The significant digits d and the place of the point p, with value = 0.d × 10^p.
  ///
  /// Swift's description already has the shortest digits that read back as the same value and, of
  /// those, the nearest; only its layout differs from ECMAScript's.
  private static func shortestDigits(of description: String) -> (digits: String, point: Int) {
    let parts = description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let all = mantissa[0] + fraction
    let leading = all.prefix { $0 == "0" }.count
    var digits = String(all.dropFirst(leading))
    while digits.last == "0" { digits.removeLast() }
    return (digits, mantissa[0].count + exponent - leading)
  }
}
