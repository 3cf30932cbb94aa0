import Determinism

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
        * incompleteBeta(
          degrees / (degrees + square), complement: square / (degrees + square), degrees / 2, 0.5)
    return t >= 0 ? tail : 1 - tail
  }

  /// Returns the t with P(T > t) = `tail`, found by bisection to 1e-12 relative.
  ///
  /// - Precondition: `tail` lies in (0, 0.5] and `degrees > 0`.
  public static func quantile(upperTail tail: Double, degrees: Double) -> Double {
    precondition(tail > 0 && tail <= 0.5, "the tail has to lie in (0, 0.5], got \(tail)")
    var (low, high) = (0.0, 1.0)
    while upperTail(high, degrees: degrees) > tail { (low, high) = (high, 2 * high) }
    while high - low > 1e-12 * high {
      let middle = (low + high) / 2
      if middle == low || middle == high { break }
      if upperTail(middle, degrees: degrees) > tail { low = middle } else { high = middle }
    }
    return high
  }

  /// The regularized incomplete beta function I(x; a, b), by its continued fraction (modified Lentz;
  /// Abramowitz and Stegun 26.5.8), on the side where that converges fast.
  ///
  /// `y` is 1 - x, which keeps its digits where x is close to 1.
  private static func incompleteBeta(
    _ x: Double, complement y: Double, _ a: Double, _ b: Double
  ) -> Double {
    if x <= 0 { return 0 }
    if y <= 0 { return 1 }
    let front = ElementaryFunctions.exp(
      LogGamma.of(a + b) - LogGamma.of(a) - LogGamma.of(b) + a * ElementaryFunctions.log(x)
        + b * ElementaryFunctions.log(y))
    return x < (a + 1) / (a + b + 2)
      ? front * fraction(x, a, b) / a : 1 - front * fraction(y, b, a) / b
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func kept(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / kept(1 - (a + b) * x / (a + 1))
    var result = d
    for step in 1...10_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / kept(1 + even * d)
      c = kept(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / kept(1 + odd * d)
      c = kept(1 + odd / c)
      result *= d * c
      if (d * c - 1).magnitude < 1e-15 { break }
    }
    return result
  }
}
