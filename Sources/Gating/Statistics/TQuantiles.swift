import Statistics

/// Quantiles of Student's t, each computed once: a gate asks for few of them, very often.
final class TQuantiles {
  private struct Key: Hashable {
    let tail: Double
    let degrees: Double
  }

  private var known: [Key: Double] = [:]

  /// The t with P(T > t) = `tail`.
  func upper(tail: Double, degrees: Double) -> Double {
    let key = Key(tail: tail, degrees: degrees)
    if let value = known[key] { return value }
    let value = StudentT.quantile(upperTail: tail, degrees: degrees)
    known[key] = value
    return value
  }
}
