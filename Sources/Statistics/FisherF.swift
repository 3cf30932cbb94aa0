/// The F distribution of the ratio of two variances.
///
/// Accurate to about 1e-12 relative, with the same bits on every machine.
public enum FisherF {
  /// Returns P(F > f) for degrees of freedom of numerator and denominator, which need not be whole.
  ///
  /// Edge cases: an infinite `f` gives 0, zero and less give 1. Source: P(F > f) =
  /// I(d2/(d2 + d1 f); d2/2, d1/2), with I the regularized incomplete beta function (Abramowitz and
  /// Stegun 26.6.2).
  ///
  /// - Precondition: `numerator` and `denominator` are positive and finite, and `f` is not NaN.
  public static func upperTail(_ f: Double, numerator: Double, denominator: Double) -> Double {
    precondition(
      numerator > 0 && denominator > 0 && numerator.isFinite && denominator.isFinite,
      "the degrees of freedom have to be positive, got \(numerator) and \(denominator)")
    if f <= 0 { return 1 }
    let product = numerator * f
    if product.isInfinite { return 0 }
    let sum = denominator + product
    return IncompleteBeta.regularized(
      denominator / sum, complement: product / sum, denominator / 2, numerator / 2)
  }
}
