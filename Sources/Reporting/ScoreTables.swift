public import Results

/// The tables at the end of a run: one per score, attacks down and defenses across.
public struct ScoreTables: Sendable {
  public var records: [TrialRecordV1]
  public var scores: [Score]
  /// Attacks in the order of the scenario; others follow in the order of their first trial.
  public var attackOrder: [String]
  /// Defenses in the order of the scenario; others follow in the order of their first trial.
  public var defenseOrder: [String]
  /// The flags that put a mark beside a cell's numbers; `nil` stands for all.
  ///
  /// Other flags are named below the tables only.
  public var markedFlags: Set<String>?

  public init(
    _ records: [TrialRecordV1], scores: [Score], attackOrder: [String] = [],
    defenseOrder: [String] = [], markedFlags: Set<String>? = nil
  ) {
    self.markedFlags = markedFlags
    self.records = records
    self.scores = scores
    self.attackOrder = attackOrder
    self.defenseOrder = defenseOrder
  }

  /// The tables as text, with one block per combination of matrix axes.
  ///
  /// A cell is the mean over seeds, then `±` and the sample standard deviation; `≥` marks a mean
  /// with a censored member, `/3` one that only three of the seeds have, `!` a reliability flag,
  /// `–` a score that no seed has. Cells that did not run say `n/a`, `fail`, `timeout` or
  /// `not run`. What the marks mean, with the reasons, stands once below the tables of a block.
  /// Implied trials are left out, and so are tables of scores that no cell has.
  ///
  /// Columns that do not fit into `width` continue in a further table; names are cut where a
  /// single column would not fit. With `color`, ANSI backgrounds show the rank of a value in its
  /// table from bad (red) to good (green) for the defender.
  public func text(width: Int = 100, color: Bool = false) -> String {
    let grids = TrialGrid.grids(
      of: records, attackOrder: attackOrder, defenseOrder: defenseOrder)
    guard !grids.isEmpty else { return "There are no trials to show.\n" }
    var blocks: [String] = []
    for grid in grids {
      var parts: [String] = []
      if !grid.axes.isEmpty {
        let axes = grid.axes.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        let lines = Printable.wrapped(Printable.escaped(axes), to: width - 3)
        parts.append(lines.map { "== \($0)\n" }.joined())
      }
      let flags = CellFlags(grid, marking: markedFlags)
      parts += scores.filter { !Self.isIdle($0, in: grid) }.map { score in
        ScoreTable(score, grid, flags: flags).text(width: width, color: color)
      }
      let notes = TableNotes(grid, scores: scores, flags: flags).text(width: width)
      if !notes.isEmpty { parts.append(notes) }
      blocks.append(parts.joined(separator: "\n"))
    }
    return blocks.joined(separator: "\n")
  }

  /// Whether trials finished and none has the score: the reason below says more than dashes.
  private static func isIdle(_ score: Score, in grid: TrialGrid) -> Bool {
    let outcomes = Set(grid.cells.map { CellSummary(grid[$0], metric: score.metric).outcome })
    return outcomes.contains(.absent) && outcomes.isSubset(of: [.absent, .notApplicable])
  }
}
