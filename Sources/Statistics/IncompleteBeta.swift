import Determinism

/// The regularized incomplete beta function, which the tails of Student's t and of F are made of.
enum IncompleteBeta {
  /// Returns I(x; a, b), by its continued fraction (modified Lentz; Abramowitz and Stegun 26.5.8), on
  /// the side where that converges fast.
  ///
  /// `y` is 1 - x, which keeps its digits where x is close to 1.
  static func regularized(_ x: Double, complement y: Double, _ a: Double, _ b: Double) -> Double {
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
