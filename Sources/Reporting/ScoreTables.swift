public import Gating
import Markup
public import Results
public import Studies

/// The tables at the end of a run: one per score, attacks down and defenses across.
public struct ScoreTables: Sendable {
  public var records: [TrialRecordV1]
  /// The trials by which flags go, where ``records`` are only some of them; `nil` for these.
  public var judged: [TrialRecordV1]?
  public var scores: [Score]
  /// Attacks in the order of the scenario; others follow in the order of their first trial.
  public var attackOrder: [String]
  /// Defenses in the order of the scenario; others follow in the order of their first trial.
  public var defenseOrder: [String]
  /// The flags that put a mark beside the figures that they are about; `nil` stands for all.
  ///
  /// Other flags are named below the tables only.
  public var markedFlags: Set<String>?
  /// What cells are compared to.
  public var references: ReferenceIDs

  public init(
    _ records: [TrialRecordV1], judged: [TrialRecordV1]? = nil, scores: [Score],
    attackOrder: [String] = [],
    defenseOrder: [String] = [], markedFlags: Set<String>? = nil,
    references: ReferenceIDs = ReferenceIDs()
  ) {
    self.markedFlags = markedFlags
    self.records = records
    self.judged = judged
    self.scores = scores
    self.attackOrder = attackOrder
    self.defenseOrder = defenseOrder
    self.references = references
  }

  /// The tables as text; with a matrix they are pivots, whose rows are attacks by values of axes.
  ///
  /// A cell is the mean over seeds, then `±` and half of its 95 % t interval; `≥` marks a mean with a censored member, `/3` one that only three of the seeds have, `!` a reliability flag,
  /// `–` a score that no seed has, `void` a success of attack on a dead model. Cells that did not run
  /// say `n/a`, `fail`, `timeout` or `not run`. What the marks mean, with the reasons, stands once
  /// below the tables. Implied trials are shown, and named below. Tables of scores that no cell has
  /// are left out, and so are columns.
  ///
  /// Columns that do not fit into `width` continue in a further table; names are cut where a
  /// single column would not fit. With `color`, ANSI backgrounds show a value on a fixed scale from
  /// good (green) to bad (red) for the defender; rows without an attack are a reference and have
  /// none.
  public func text(width: Int = 100, color: Bool = false) -> String {
    guard !records.isEmpty else { return "There are no trials to show.\n" }
    let grid = TrialGrid(records, attackOrder: attackOrder, defenseOrder: defenseOrder)
    let cells = TableCells(
      grid, Reliability(judged ?? records, references: references), references, markedFlags)
    var parts: [String] = []
    let heading = Self.heading(grid)
    if !heading.isEmpty {
      let lines = Printable.wrapped(Printable.escaped(heading), to: width - 3)
      parts.append(lines.map { "== \($0)\n" }.joined())
    }
    parts += scores.map { ScoreTable($0, cells) }.filter { !$0.isIdle }
      .map { $0.text(width: width, color: color) }
    let notes = TableNotes(cells, scores: scores).text(width: width)
    if !notes.isEmpty { parts.append(notes) }
    return parts.joined(separator: "\n")
  }

  /// Axes that all rows share, and the whole keys of those that have columns.
  private static func heading(_ grid: TrialGrid) -> String {
    let shared = grid.constants.map { "\($0.key)=\($0.value)" }
    let named = zip(grid.axisKeys, grid.axisNames).filter { $0 != $1 }.map { "\($1) is \($0)" }
    return (shared + [named.joined(separator: ", ")]).filter { !$0.isEmpty }.joined(separator: " ")
  }
}
