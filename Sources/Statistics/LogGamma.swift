import Determinism

/// The logarithm of the gamma function, with the same bits on every machine.
public enum LogGamma {
  /// Returns ln Γ(x).
  ///
  /// Stirling's series (Abramowitz and Stegun 6.1.41) with eight terms above 12; smaller arguments
  /// are moved there by Γ(x + 1) = x Γ(x).
  ///
  /// *Error*: below 2e-14 of the larger of 1 and the result.
  ///
  /// - Precondition: `x > 0` and finite.
  public static func of(_ x: Double) -> Double {
    precondition(x > 0 && x.isFinite, "ln Γ needs a positive number, got \(x)")
    var shifted = x
    var product = 1.0
    while shifted < 12 {
      product *= shifted
      shifted += 1
    }
    let inverse = 1 / shifted
    let square = inverse * inverse
    var sum = -3617.0 / 122_400
    for coefficient in coefficients { sum = coefficient.addingProduct(sum, square) }
    let stirling =
      (shifted - 0.5) * ElementaryFunctions.log(shifted) - shifted + 0.91893853320467274
      + sum * inverse
    return stirling - ElementaryFunctions.log(product)
  }

  /// B_2k / (2k (2k - 1)) for k = 7 … 1.
  private static let coefficients: [Double] = [
    1.0 / 156, -691.0 / 360_360, 1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12,
  ]
}
