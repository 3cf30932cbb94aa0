import Determinism

/// The range of independent standard normal values: the studentized range with infinite degrees of
/// freedom.
public enum StudentizedRange {
  /// Returns P(largest - smallest <= q) of `count` values.
  ///
  /// `count ∫ φ(z) (Φ(z) - Φ(z - q))^(count - 1) dz`, by the trapezoid rule on a grid so fine that the
  /// error of a smooth integrand that dies out at both ends is below 1e-12.
  ///
  /// - Precondition: `count >= 2`, and `q` is not NaN.
  public static func probability(_ q: Double, count: Int) -> Double {
    precondition(count >= 2, "a range needs two values, got \(count)")
    if q <= 0 { return 0 }
    var sum = 0.0
    for (z, density, below) in grid {
      var power = 1.0
      let between = max(0, below - cumulative(z - q))
      for _ in 1..<count { power *= between }
      sum += density * power
    }
    return min(1, Double(count) * sum * step)
  }

  /// Returns the q that the range of `count` values exceeds with a chance of `tail`, found by
  /// bisection to 1e-9.
  ///
  /// - Precondition: `count >= 2`, and `tail` lies in [0.001, 0.999].
  public static func quantile(upperTail tail: Double, count: Int) -> Double {
    precondition(
      tail >= 0.001 && tail <= 0.999, "the tail has to lie in [0.001, 0.999], got \(tail)")
    var (low, high) = (0.0, 1.0)
    while 1 - probability(high, count: count) > tail { (low, high) = (high, 2 * high) }
    while high - low > 1e-9 {
      let middle = (low + high) / 2
      if 1 - probability(middle, count: count) > tail { low = middle } else { high = middle }
    }
    return high
  }

  private static let step = 0.0625

  /// Places from -9 to 9 with φ and Φ.
  private static let grid: [(z: Double, density: Double, below: Double)] = (-144...144).map {
    index in
    let z = Double(index) * step
    return (z, 0x1.9884533d43651p-2 * ElementaryFunctions.exp(-0.5 * z * z), cumulative(z))
  }

  private static func cumulative(_ z: Double) -> Double {
    0.5 * ErrorFunction.erfc(-z * 0x1.6a09e667f3bcdp-1)
  }
}
