/// Whether several treatments that were tried in the same blocks differ, and which ones.
///
/// Friedman's test on the ranks within each block, as F after Iman and Davenport, and the critical
/// difference of Nemenyi for mean ranks. Source: J. Demšar, "Statistical Comparisons of Classifiers
/// over Multiple Data Sets", JMLR 7, 2006, section 3.2.2; with ties as W. J. Conover has it.
public struct FriedmanTest: Hashable, Sendable {
  public let treatmentCount: Int
  public let blockCount: Int
  /// By treatment; 1 is the best that there can be.
  public let meanRanks: [Double]
  /// Close to chi-square distributed with `treatmentCount - 1` degrees of freedom for many blocks; 0
  /// where every block is tied throughout.
  public let chiSquare: Double
  /// The statistic of Iman and Davenport; infinite where all blocks agree.
  public let f: Double
  /// P(F > f) with k - 1 and (k - 1)(N - 1) degrees of freedom.
  public let pValue: Double

  /// - Parameter ranks: Blocks of ranks, each the middle ranks of its treatments.
  /// - Precondition: At least two blocks, all of one size of at least two.
  public init(ranks: [[Double]]) {
    let n = ranks.count
    let k = ranks.first?.count ?? 0
    precondition(
      n >= 2 && k >= 2 && ranks.allSatisfy { $0.count == k },
      "a test needs two blocks of two treatments or more")
    let center = Double(k + 1) / 2
    var sums = [Double](repeating: 0, count: k)
    var squares = 0.0
    // Ranks are whole halves, so that these sums are exact.
    for block in ranks {
      for (treatment, rank) in block.enumerated() {
        sums[treatment] += rank - center
        squares += (rank - center) * (rank - center)
      }
    }
    treatmentCount = k
    blockCount = n
    meanRanks = sums.map { (center * Double(n) + $0) / Double(n) }
    let between = sums.reduce(0) { $0 + $1 * $1 }
    let most = Double(n) * Double(k - 1)
    chiSquare = squares > 0 ? Double(k - 1) * between / squares : 0
    // Sums of squares that are equal on paper are equal here too.
    f =
      squares == 0
      ? 0
      : between == squares * Double(n)
        ? .infinity : max(0, Double(n - 1) * chiSquare / (most - chiSquare))
    pValue = FisherF.upperTail(
      f, numerator: Double(k - 1), denominator: Double(k - 1) * Double(n - 1))
  }

  /// Returns how far apart two mean ranks have to be for Nemenyi's test to tell them apart at 0.05,
  /// among all pairs.
  public static func criticalDifference(treatments k: Int, blocks n: Int) -> Double {
    let q = StudentizedRange.quantile(upperTail: 0.05, count: k) / 2.0.squareRoot()
    return q * (Double(k) * Double(k + 1) / (6 * Double(n))).squareRoot()
  }
}
