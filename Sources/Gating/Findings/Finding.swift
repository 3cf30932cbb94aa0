/// The comparison of one metric of one cell with the baseline.
public struct Finding: Hashable, Sendable {
  public var attack: String
  public var defense: String
  /// Values of the matrix axes by dotted key.
  public var axes: [String: String]
  /// `attack/defense`, then the axes.
  public var cell: String
  public var metric: String
  public var better: Direction
  public var verdict: CheckVerdict
  /// The mean of the baseline over the seeds that both sides have; `nil` if none has a number.
  public var baseline: Double?
  /// The mean of the results over the same seeds.
  public var current: Double?
  /// The seeds that have a number on both sides, ascending.
  ///
  /// Where a number appeared or went away, all seeds that both sides have.
  public var seeds: [Int]
  /// The mean change for the worse over the seeds, in the metric's unit; negative is better.
  public var worsening: Double?
  /// The interval of the change `current - baseline`.
  ///
  /// In a gate the two-sided 95 % interval of this change alone; in a ``Comparison`` the one that
  /// holds for all changes at once, which leaves out 0 exactly where `pValue` is below alpha.
  public var interval: ClosedRange<Double>?
  /// How much worse is still a pass.
  public var tolerance: Double
  /// The one-sided p value of "not worse" (of "not better" for an improvement), adjusted for the
  /// number of tests (Holm); two-sided where neither direction is better.
  public var pValue: Double?
  /// The smallest worsening of this check that the gate would have called a regression.
  public var smallestVisible: Double?
  /// How many more seeds would settle an inconclusive check, if the change stayed as it is.
  public var moreSeeds: Int?
  /// Why there is nothing to compare, or what a number cannot say.
  public var reason: String?
  /// Why a figure of attack success means nothing in the results, where the model is dead.
  ///
  /// It is compared all the same.
  public var voidReason: String?
  /// The reason of the override of the policy that set the tolerance.
  public var override: String?
  /// The line of the cell in the baseline file, counted from 1.
  public var line: Int?

  /// Whether a test should fail: a regression, or nothing to compare with.
  public var isFailure: Bool {
    verdict == .regression || verdict == .missing || verdict == .incomparable
  }

  /// Which values are better for the defender.
  public enum Direction: String, Hashable, Sendable, CaseIterable {
    case higher
    case lower
    /// Any change counts as one for the worse.
    case none
  }

  public init(
    attack: String, defense: String, axes: [String: String] = [:], cell: String, metric: String,
    better: Direction, verdict: CheckVerdict, baseline: Double? = nil, current: Double? = nil,
    seeds: [Int] = [], worsening: Double? = nil, interval: ClosedRange<Double>? = nil,
    tolerance: Double, pValue: Double? = nil, smallestVisible: Double? = nil,
    moreSeeds: Int? = nil, reason: String? = nil, voidReason: String? = nil,
    override: String? = nil, line: Int? = nil
  ) {
    self.attack = attack
    self.defense = defense
    self.axes = axes
    self.cell = cell
    self.metric = metric
    self.better = better
    self.verdict = verdict
    self.baseline = baseline
    self.current = current
    self.seeds = seeds
    self.worsening = worsening
    self.interval = interval
    self.tolerance = tolerance
    self.pValue = pValue
    self.smallestVisible = smallestVisible
    self.moreSeeds = moreSeeds
    self.reason = reason
    self.voidReason = voidReason
    self.override = override
    self.line = line
  }
}
