import Statistics

/// How defenses rank over the attacks of a study, and which of them a test tells apart.
///
/// A block is one attack in one combination of axes, a treatment one defense with one value of each
/// axis of its own; ranks are of the means over seeds, 1 the best, ties in the middle. The test is
/// Friedman's as F (Iman and Davenport) and, where that rejects at 0.05, Nemenyi's for all pairs. J.
/// Demšar, "Statistical Comparisons of Classifiers over Multiple Data Sets", JMLR 7, 2006.
/// Of attack success (`asr.*`) only attacks that plant a backdoor under some defense are blocks, see
/// ``Study/backdoorAttacks``: under others a rank is one of base rates.
///
/// Two warnings. The test takes blocks for independent, as different data sets are; the attacks of a
/// study share data, seeds and often their idea, so that p is smaller than it should be. And a mean
/// rank says nothing of the worst case: a defense may be first under all attacks but the one that
/// breaks it, see ``WorstCase``.
public struct RankAnalysis: Hashable, Sendable {
  /// One defense, with the values of its own axes.
  public struct Place: Hashable, Sendable {
    public var defense: String
    /// Axes of the defense's own parameters; empty where it has none.
    public var axes: [String: String]
    /// 1 is the best.
    public var meanRank: Double

    public init(defense: String, axes: [String: String] = [:], meanRank: Double) {
      self.defense = defense
      self.axes = axes
      self.meanRank = meanRank
    }
  }

  /// Why there are no ranks.
  public struct Unranked: Error, Hashable, Sendable {
    public var reason: String

    public init(reason: String) { self.reason = reason }
  }

  public var metric: String
  public var better: Score.Direction
  /// The best mean rank first; of equal ones the first of the study.
  public var places: [Place]
  /// Attacks of the blocks, complete or not.
  public var attackCount: Int
  /// Attacks of the study that are left out, since they plant no backdoor.
  public var harmlessCount: Int
  /// Blocks in which every place has a mean.
  public var blockCount: Int
  /// Blocks that are left out because some place has no mean there.
  public var incompleteCount: Int
  /// Whether some attack is met in more than one combination of axes, so that a block is less than an
  /// attack.
  public var hasCombinations: Bool { blockCount + incompleteCount > attackCount }
  /// Defenses that have no mean in any block, and no place.
  public var withoutValues: [String]
  public var chiSquare: Double
  /// Infinite where all blocks agree.
  public var f: Double
  /// Degrees of freedom of numerator and denominator.
  public var degrees: (Int, Int) {
    (places.count - 1, (places.count - 1) * (blockCount - 1))
  }
  /// The chance of such an F, or a larger one, if all defenses were alike and blocks independent.
  public var pValue: Double
  /// How far apart two mean ranks have to be; `nil` where the test does not reject at 0.05.
  public var criticalDifference: Double?
  /// Runs of ``places`` that are not told apart, none of them within another.
  public var cliques: [ClosedRange<Int>]

  /// The ranks come block by block, in each for all treatments.
  init(
    metric: String, better: Score.Direction,
    treatments: [(defense: String, axes: [String: String])],
    ranks: [[Double]], attackCount: Int, harmlessCount: Int, incompleteCount: Int,
    withoutValues: [String]
  ) {
    let test = FriedmanTest(ranks: ranks)
    self.metric = metric
    self.better = better
    self.attackCount = attackCount
    self.harmlessCount = harmlessCount
    self.incompleteCount = incompleteCount
    self.withoutValues = withoutValues
    blockCount = ranks.count
    chiSquare = test.chiSquare
    f = test.f
    pValue = test.pValue
    places = zip(treatments, test.meanRanks).enumerated()
      .map { (offset: $0, place: Place(defense: $1.0.defense, axes: $1.0.axes, meanRank: $1.1)) }
      .sorted { ($0.place.meanRank, $0.offset) < ($1.place.meanRank, $1.offset) }.map(\.place)
    let isRejected = test.pValue <= 0.05
    criticalDifference =
      isRejected
      ? FriedmanTest.criticalDifference(treatments: treatments.count, blocks: ranks.count) : nil
    cliques = Self.cliques(places.map(\.meanRank), within: criticalDifference ?? .infinity)
  }

  /// The largest runs of ascending ranks whose ends are at most so far apart; of two at least.
  ///
  /// - Complexity: O(ranks).
  static func cliques(_ ranks: [Double], within difference: Double) -> [ClosedRange<Int>] {
    var cliques: [ClosedRange<Int>] = []
    var end = 0
    for start in ranks.indices {
      end = max(end, start)
      let reached = end
      while end + 1 < ranks.count, ranks[end + 1] - ranks[start] <= difference { end += 1 }
      // One that ends where the one before it ends lies within it.
      if end > reached { cliques.append(start...end) }
    }
    return cliques
  }
}
