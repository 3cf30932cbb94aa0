import Determinism

/// The quantile of the standard normal distribution, with the same bits on every machine.
public enum NormalQuantile {
  /// Returns the z with Φ(z) = `probability`.
  ///
  /// A rational start (Abramowitz and Stegun 26.2.23, off by less than 4.5e-4) and three steps of
  /// Halley's method, each of which triples the number of digits.
  ///
  /// *Error*: below 1e-15 relative, also next to 0.5; larger below 2.3e-308.
  /// *Edge cases*: 0 gives -inf, 1 gives +inf, 0.5 gives 0. `of(1 - p)` is `-of(p)` where `1 - p` is
  /// exact.
  ///
  /// - Precondition: `0 <= probability <= 1`
  public static func of(_ probability: Double) -> Double {
    precondition(
      probability >= 0 && probability <= 1, "a probability lies in 0...1, got \(probability)")
    if probability == 0 { return -.infinity }
    if probability == 1 { return .infinity }
    // Exact above one half. The upper tail has the sign of z, the lower one the opposite sign.
    let isUpper = probability > 0.5
    let tail = isUpper ? 1 - probability : probability
    let fromCenter = isUpper ? probability - 0.5 : 0.5 - probability
    var z = start(tail)
    for _ in 0..<3 {
      // Where z is small, the distance to one half keeps the digits that the tail has lost.
      let scaled = z * 0x1.6a09e667f3bcdp-1
      let excess =
        fromCenter < 0.25
        ? 0.5 * ErrorFunction.erf(scaled) - fromCenter : tail - 0.5 * ErrorFunction.erfc(scaled)
      let density = 0x1.9884533d43651p-2 * ElementaryFunctions.exp(-0.5 * z * z)
      let newton = excess / density
      z -= newton / (1 + 0.5 * z * newton)
    }
    return isUpper ? z : -z
  }

  /// A first guess at the z >= 0 whose upper tail is given, at most one half.
  private static func start(_ tail: Double) -> Double {
    let t = (-2 * ElementaryFunctions.log(tail)).squareRoot()
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
    let denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    return t - numerator / denominator
  }
}
