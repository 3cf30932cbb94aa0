import Components
import Federation
import Kernels
import Statistics
import Tensors

/// How many standard deviations attackers may stay away from the mean, so that enough honest
/// clients are farther away than they are.
enum ALIEStrength {
  static let limit = ParameterSpec(
    "z-max", .real(0 ... .greatestFiniteMagnitude), default: .real(10),
    help: "largest z that auto gives, as where attackers need no supporter")

  /// Returns Φ⁻¹((n − f − s) / (n − f)) with s = ⌊n/2 + 1⌋ − f, at least 0 and at most `limit`.
  ///
  /// With few attackers the quantile would be negative, which would move rows to the other side: 0.
  /// With s <= 0 attackers are the majority and the quantile is infinite: `limit`.
  ///
  /// - Precondition: `0 <= f <= n`
  static func z(participants n: Int, attackers f: Int, limit: Double) -> Double {
    let supporters = n / 2 + 1 - f
    guard supporters > 0 else { return limit }
    // s <= n − f for all n >= 1.
    let quantile = NormalQuantile.of(Double(n - f - supporters) / Double(n - f))
    return min(max(quantile, 0), limit)
  }
}

extension Matrix<Float> {
  /// Sets every row to μ + z σ, each value rounded once.
  mutating func fill(with moments: (mean: [Double], deviation: [Double]), at z: Double) {
    let row = zip(moments.mean, moments.deviation).map { Float($0.addingProduct(z, $1)) }
    for index in 0..<rowCount { setRow(index, to: row.span) }
  }
}
