import Determinism

/// The error function and its complement, with the same bits on every machine.
///
/// *Error*: below 1.5e-15 relative. NaN gives NaN.
public enum ErrorFunction {
  private static let twoOverRootPi = 0x1.20dd750429b6dp+0
  private static let rootPi = 0x1.c5bf891b4ef6bp+0

  /// Where the series ends and the continued fraction begins.
  private static let crossover = 1.0

  /// Returns `2/√π ∫ exp(-t²) dt` from 0 to `x`: odd, between -1 and 1.
  public static func erf(_ x: Double) -> Double {
    let magnitude = abs(x)
    if magnitude < crossover { return series(x) }
    let value = 1 - fraction(magnitude)
    return x < 0 ? -value : value
  }

  /// Returns `1 - erf(x)` without cancellation for large `x`.
  ///
  /// *Edge cases*: underflows to 0 above 27.3; what is less than 2.3e-308 has fewer digits.
  public static func erfc(_ x: Double) -> Double {
    if x != x { return x }
    if abs(x) < crossover { return 1 - series(x) }
    return x < 0 ? 2 - fraction(-x) : fraction(x)
  }

  /// The series `2/√π exp(-x²) Σ 2^n x^(2n+1) / (1·3·…·(2n+1))`, whose terms have one sign
  /// (Abramowitz and Stegun 7.1.6); added from the smallest term on.
  private static func series(_ x: Double) -> Double {
    let square = x * x
    var sum = 1.0
    for n in stride(from: 24, through: 1, by: -1) {
      sum = (1.0 as Double).addingProduct(sum, 2 * square / Double(2 * n + 1))
    }
    return twoOverRootPi * x * ElementaryFunctions.exp(-square) * sum
  }

  /// The continued fraction `exp(-x²)/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …))))`
  /// (Abramowitz and Stegun 7.1.14), from its 250th step back; `x` is at least the crossover.
  private static func fraction(_ x: Double) -> Double {
    if x > 28 { return x != x ? x : 0 }
    var tail = x
    for step in stride(from: 250, through: 1, by: -1) { tail = x + Double(step) / 2 / tail }
    // exp(-x²) with what the rounding of the square lost: exp(a - b) = exp(a) (1 - b).
    let square = x * x
    let lost = (-square).addingProduct(x, x)
    let power = ElementaryFunctions.exp(-square)
    return power.addingProduct(-lost, power) / (rootPi * tail)
  }
}
