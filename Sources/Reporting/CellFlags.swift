import Results

/// Reliability flags of the cells of a grid.
struct CellFlags: Sendable {
  /// Flags of every cell that finished a trial: worth one line, not a mark in each cell.
  var common: [String]
  /// The other flags, sorted, each with its cells in the order of the grid.
  var particular: [(flag: String, cells: [TrialGrid.Cell])]
  private var marked: Set<TrialGrid.Cell>

  private let marking: Set<String>?

  /// Flags in `marking` put a mark beside their cells; `nil` stands for all.
  init(_ grid: TrialGrid, marking: Set<String>? = nil) {
    self.marking = marking
    var cells: [String: [TrialGrid.Cell]] = [:]
    var finishedCount = 0
    for cell in grid.cells {
      let finished = grid[cell].filter { $0.status == .ok }
      if !finished.isEmpty { finishedCount += 1 }
      for flag in Set(finished.flatMap(\.flags)) { cells[flag, default: []].append(cell) }
    }
    let sorted = cells.sorted { $0.key < $1.key }
    common = sorted.filter { $0.value.count == finishedCount }.map(\.key)
    particular = sorted.filter { $0.value.count < finishedCount }
      .map { (flag: $0.key, cells: $0.value) }
    marked = Set(particular.filter { marking?.contains($0.flag) ?? true }.flatMap(\.cells))
  }

  func isMarked(_ cell: TrialGrid.Cell) -> Bool { marked.contains(cell) }

  /// Whether a flag puts a mark beside its cells.
  func marks(_ flag: String) -> Bool { marking?.contains(flag) ?? true }
}
