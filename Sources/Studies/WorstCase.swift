public import Results

/// What is left under the attack that a defense stands worst, never a mean over attacks.
///
/// Edge cases: attacks whose cell has no mean are left out and named in ``missing``, so that a worst
/// case over fewer attacks than the study has is seen to be one. Of equal attacks the first counts.
/// An attacker of a tier can do what those of weaker tiers can, so a tier takes in the weaker ones;
/// attacks of which no tier is known are only among all attacks.
public struct WorstCase: Hashable, Sendable {
  /// The worst of one metric.
  public struct Extreme: Hashable, Sendable {
    public var attack: String
    /// With the values of the attack's own parameters, where the study varies them.
    public var cell: CellID
    public var summary: CellSummary

    public init(attack: String, cell: CellID, summary: CellSummary) {
      self.attack = attack
      self.cell = cell
      self.summary = summary
    }
  }

  /// A cell without a mean accuracy.
  public struct Gap: Hashable, Sendable {
    public var attack: String
    public var cell: CellID
    public var outcome: CellSummary.Outcome
    /// In words, such as `not run` or `needs n >= 2f + 3 = 13, has 10`.
    public var reason: String

    public init(attack: String, cell: CellID, outcome: CellSummary.Outcome, reason: String) {
      self.attack = attack
      self.cell = cell
      self.outcome = outcome
      self.reason = reason
    }
  }

  public var defense: String
  /// The values of the axes, those of an attack's parameters left out.
  public var axes: [String: String]
  /// The strongest tier that is taken in; `nil` for all attacks.
  public var tier: String?
  /// What ``accuracy`` and ``clean`` are about: `accuracy.stop`, or `accuracy.final` where no cell has
  /// the former, because the attack window is empty.
  public var accuracyMetric: String
  /// The lowest mean accuracy at the end of the window.
  public var accuracy: Extreme?
  /// The highest mean attack success at the end of the window, void cells left out.
  public var success: Extreme?
  /// Accuracy at the end of the window without an attack.
  public var clean: CellSummary?
  /// The attacks over which the worst is taken.
  public var attacks: [String]
  /// Attacks of the tier that the study combines with these axes, if only for another defense, without
  /// a number under this one.
  public var missing: [String]
  /// The cells without a number, of missing attacks and of some settings of others.
  public var gaps: [Gap]
  /// Attacks whose success is void in some setting because the model is dead.
  public var void: [String]

  public init(
    defense: String, axes: [String: String], tier: String?,
    accuracyMetric: String = "accuracy.stop", accuracy: Extreme? = nil, success: Extreme? = nil,
    clean: CellSummary? = nil, attacks: [String] = [], missing: [String] = [], gaps: [Gap] = [],
    void: [String] = []
  ) {
    self.defense = defense
    self.axes = axes
    self.tier = tier
    self.accuracyMetric = accuracyMetric
    self.accuracy = accuracy
    self.success = success
    self.clean = clean
    self.attacks = attacks
    self.missing = missing
    self.gaps = gaps
    self.void = void
  }
}
