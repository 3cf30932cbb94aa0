import Gating
import Results
import Studies

/// What the tables of a grid share: the flags of its cells, and what they say about each score.
struct TableCells: Sendable {
  let grid: TrialGrid
  /// The flags of each cell, by id.
  let flags: [CellID: [CellFlag]]
  private let marking: Set<String>?
  private let reliability: Reliability
  private let references: ReferenceIDs

  /// Flags in `marking` put a mark beside the figures that they are about; `nil` stands for all.
  init(
    _ grid: TrialGrid, _ reliability: Reliability, _ references: ReferenceIDs,
    _ marking: Set<String>?
  ) {
    self.grid = grid
    self.marking = marking
    self.reliability = reliability
    self.references = references
    flags = Dictionary(
      uniqueKeysWithValues: grid.cells.map { ($0, reliability.flags(of: $0)) })
  }

  /// Whether a flag puts a mark beside figures.
  func marks(_ flag: CellFlag) -> Bool { flag.isRaised && marking?.contains(flag.id) ?? true }

  /// Whether a figure of a cell has a mark.
  func isMarked(_ cell: CellID, _ metric: String) -> Bool {
    (flags[cell] ?? []).contains { marks($0) && CellFlag.concerns($0.id, metric: metric) }
  }

  /// Whether a row shows what happens when nobody attacks.
  func isReference(_ row: TrialGrid.Row) -> Bool { references.clean.contains(row.attack) }

  func summary(_ cell: CellID, _ metric: String) -> CellSummary {
    CellSummary(
      grid[cell], metric: metric, isVoid: reliability.voidReason(metric, of: cell) != nil)
  }

  func summaries(_ metric: String) -> [CellID: CellSummary] {
    Dictionary(uniqueKeysWithValues: grid.cells.map { ($0, summary($0, metric)) })
  }
}
