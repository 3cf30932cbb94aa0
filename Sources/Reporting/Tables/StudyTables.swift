public import Studies

/// The tables of a study, for files and pages.
public struct StudyTables: Sendable {
  /// Flags that say that a number does not mean what it seems to; the others tell how it was made.
  public static let markedFlags: Set<String> = [
    "attack-ineffective", "collapsed", "diverged", "f-exceeded", "malicious-majority",
    "non-finite", "nondeterministic", "order-dependent", "utility-collapse",
  ]

  private let study: Study
  private let markedFlags: Set<String>

  /// - Parameters:
  ///   - study: What to show.
  ///   - markedFlags: Flags that put a mark beside the figures that they are about.
  public init(_ study: Study, markedFlags: Set<String> = Self.markedFlags) {
    self.study = study
    self.markedFlags = markedFlags
  }

  /// All tables that have something to show, but for the long one of ``cells(_:)``.
  ///
  /// - Complexity: O(trials x scores + pairs of defenses).
  public func all() -> [DataTable] {
    var tables = Score.shown.compactMap(pivot)
    tables += [
      WorstCaseTable(study).table(), RankTable(study).table(), DifferenceTable(study).table(),
    ].compactMap(\.self)
    tables += Score.shown.prefix(2).compactMap { SweepTable(study, $0).table() }
    tables += [
      CostTable(study).table(), FlagTable(study).table(), PitfallTable(study).table(),
    ].compactMap(\.self)
    return tables
  }

  /// Attacks down and defenses across; `nil` where no cell has the score.
  public func pivot(_ score: Score) -> DataTable? {
    ScorePivot(study, score, markedFlags).table()
  }

  /// The values of an axis across, defenses and attacks down; `nil` where no cell has the score, or
  /// where the axis has no values.
  public func pivot(_ score: Score, across axis: String) -> DataTable? {
    ScorePivot(study, score, markedFlags).table(across: axis)
  }

  /// What every cell says about every metric, one row each; without `metrics`, those of the other
  /// tables and what is gated.
  public func cells(_ metrics: [String]? = nil) -> DataTable {
    CellsTable(study).table(metrics)
  }
}
