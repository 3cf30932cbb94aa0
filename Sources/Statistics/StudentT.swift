/// Student's t distribution.
///
/// Accurate to about 1e-12 relative (the p values of a gate need three digits), with the same bits on
/// every machine.
public enum StudentT {
  /// Returns P(T > t) for a number of degrees of freedom, which need not be whole.
  ///
  /// Edge cases: infinite `t` gives 0 or 1; infinite degrees of freedom give the normal
  /// distribution. Source: P(T > t) = I(v/(v+t²); v/2, 1/2)/2 for t ≥ 0, with I the regularized
  /// incomplete beta function (Abramowitz and Stegun 26.7.1).
  ///
  /// - Precondition: `degrees > 0`, and `t` is not NaN.
  public static func upperTail(_ t: Double, degrees: Double) -> Double {
    precondition(degrees > 0, "the degrees of freedom have to be positive, got \(degrees)")
    if t.isInfinite { return t > 0 ? 0 : 1 }
    if degrees.isInfinite { return 0.5 * ErrorFunction.erfc(t / 2.0.squareRoot()) }
    let square = t * t
    let tail =
      square.isInfinite
      ? 0
      : 0.5
        * IncompleteBeta.regularized(
          degrees / (degrees + square), complement: square / (degrees + square), degrees / 2, 0.5)
    return t >= 0 ? tail : 1 - tail
  }

  /// Returns the t with P(T > t) = `tail`, found by bisection to 1e-12 relative.
  ///
  /// That of a 95 % interval over up to 65 values is looked up: a report asks for it of every cell.
  ///
  /// - Precondition: `tail` lies in (0, 0.5] and `degrees > 0`.
  public static func quantile(upperTail tail: Double, degrees: Double) -> Double {
    precondition(tail > 0 && tail <= 0.5, "the tail has to lie in (0, 0.5], got \(tail)")
    if tail == 0.025, degrees >= 1, degrees <= 64, degrees == degrees.rounded() {
      return intervals[Int(degrees) - 1]
    }
    return search(upperTail: tail, degrees: degrees)
  }

  /// The quantiles for a tail of 0.025 and 1 to 64 degrees of freedom.
  private static let intervals = (1...64).map { search(upperTail: 0.025, degrees: Double($0)) }

  private static func search(upperTail tail: Double, degrees: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    while upperTail(high, degrees: degrees) > tail { (low, high) = (high, 2 * high) }
    while high - low > 1e-12 * high {
      let middle = (low + high) / 2
      if middle == low || middle == high { break }
      if upperTail(middle, degrees: degrees) > tail { low = middle } else { high = middle }
    }
    return high
  }
}
