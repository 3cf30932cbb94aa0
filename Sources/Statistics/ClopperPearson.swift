import Determinism

/// Exact bounds of a probability from counts, with the same bits on every machine.
public enum ClopperPearson {
  /// Bounds a probability from below on one side, by the p with P(Bin(n, p) ≥ k) = `alpha`.
  ///
  /// That is the `alpha` quantile of Beta(k, n − k + 1), found by bisection. The tail is its first term,
  /// by logarithms, times a sum of ratios of successive terms.
  ///
  /// *Edge cases*: 0 for k = 0.
  /// *Error*: below 1e-10 relative for n up to 10,000.
  ///
  /// - Parameters:
  ///   - successes: The count k, in `0 ... trials`.
  ///   - trials: The number of trials n, 1 or more.
  ///   - alpha: The chance to lie above the probability, in (0, 0.5].
  /// - Returns: The bound, in 0..<1.
  /// - Complexity: O(n) per step of the bisection.
  /// - Note: Clopper and Pearson, Biometrika 26, 1934.
  public static func lowerBound(successes: Int, trials: Int, alpha: Double) -> Double {
    precondition(
      trials > 0 && successes >= 0 && successes <= trials, "\(successes) of \(trials) trials")
    precondition(alpha > 0 && alpha <= 0.5, "alpha has to lie in (0, 0.5], got \(alpha)")
    guard successes > 0 else { return 0 }
    let logCount = logBinomial(trials, successes)
    // The median of Bin(n, k/n) is k: the tail there is at least 1/2.
    var (low, high) = (0.0, Double(successes) / Double(trials))
    while true {
      let middle = (low + high) / 2
      if middle == low || middle == high || high - low < 1e-15 * high { return low }
      let tail = upperTail(successes, trials, middle, logCount: logCount)
      if tail < alpha { low = middle } else { high = middle }
    }
  }

  /// P(Bin(n, p) ≥ k) for p < k/n, where terms fall from the first one on.
  private static func upperTail(_ k: Int, _ n: Int, _ p: Double, logCount: Double) -> Double {
    let rest = k == n ? 0 : Double(n - k) * ElementaryFunctions.log(1 - p)
    let first = ElementaryFunctions.exp(
      logCount + Double(k) * ElementaryFunctions.log(p) + rest)
    let odds = p / (1 - p)
    var (term, sum) = (1.0, 1.0)
    for j in k..<n {
      term *= Double(n - j) / Double(j + 1) * odds
      sum += term
      if term < 1e-18 * sum { break }
    }
    return first * sum
  }

  /// The logarithm of the number of choices of k among n.
  private static func logBinomial(_ n: Int, _ k: Int) -> Double {
    let few = min(k, n - k)
    var sum = 0.0
    for j in 0..<few { sum += ElementaryFunctions.log(Double(n - j) / Double(few - j)) }
    return sum
  }
}
