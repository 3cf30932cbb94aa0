public import Results

/// How small a difference between two defenses the seeds of a study can show: a table whose
/// differences are smaller than that ranks noise.
///
/// Of each pair of defenses under one attack, in one combination of axes, the difference is taken seed
/// by seed over the seeds that both have. Two figures come of its n values, with standard deviation s:
/// half the length of the 95 % t interval of their mean, `t(0.975) s / √n`, and the true difference
/// that a paired two-sided t test at 0.05 finds with a chance of 80 %, `(t(0.975) + t(0.8)) s / √n`,
/// both with n - 1 degrees of freedom. The second takes a central t for the noncentral one, which makes
/// it too small: by 14 % for two seeds, 5 % for three, 1 % for five. Neither is adjusted for the number
/// of pairs.
///
/// Pairs that differ by the same in every seed, most of them because both are equal, show no spread and
/// are left out: their figures would be 0, as if the study saw everything.
public struct SmallestDifference: Hashable, Sendable {
  /// A figure over all pairs.
  public struct Spread: Hashable, Sendable {
    public var median: Double
    public var largest: Double

    public init(median: Double, largest: Double) {
      self.median = median
      self.largest = largest
    }
  }

  /// Two defenses under one attack.
  public struct Pair: Hashable, Sendable {
    public var first: CellID
    public var second: CellID

    public init(_ first: CellID, _ second: CellID) {
      self.first = first
      self.second = second
    }
  }

  /// Why there is nothing to compare.
  public struct Unseen: Error, Hashable, Sendable {
    public var reason: String

    public init(reason: String) { self.reason = reason }
  }

  public var metric: String
  /// Attacks that take part: for `asr.*` those that plant a backdoor, see ``Study/backdoorAttacks``.
  public var attackCount: Int
  /// Attacks of the study that are left out, since they plant none.
  public var harmlessCount: Int
  /// Pairs that have two seeds or more in common and do not always differ by the same; only they
  /// count.
  public var pairCount: Int
  /// Pairs with values that have fewer seeds than two in common.
  public var skippedCount: Int
  /// Pairs with two seeds or more that differ by the same in every seed; left out.
  public var constantCount: Int
  /// The fewest and the most common seeds of a pair that counts.
  public var seeds: ClosedRange<Int>
  /// Half the 95 % interval of the difference.
  public var half: Spread
  /// What is seen with a chance of 80 %.
  public var visible: Spread
  /// The pair of which the least is seen.
  public var blindest: Pair

  public init(
    metric: String, attackCount: Int = 0, harmlessCount: Int = 0, pairCount: Int,
    skippedCount: Int, constantCount: Int, seeds: ClosedRange<Int>, half: Spread, visible: Spread,
    blindest: Pair
  ) {
    self.metric = metric
    self.attackCount = attackCount
    self.harmlessCount = harmlessCount
    self.pairCount = pairCount
    self.skippedCount = skippedCount
    self.constantCount = constantCount
    self.seeds = seeds
    self.half = half
    self.visible = visible
    self.blindest = blindest
  }
}
