import Results

/// What cells say about a few metrics, each cell looked at once.
struct SummaryTable {
  private var summaries: [String: [CellID: CellSummary]] = [:]

  /// - Complexity: O(trials x metrics).
  init(_ study: Study, metrics: [String]) {
    for metric in Set(metrics) {
      var column: [CellID: CellSummary] = [:]
      for cell in study.grid.cells where column[cell] == nil {
        column[cell] = study.summary(cell, metric)
      }
      summaries[metric] = column
    }
  }

  /// Of a cell that is not in the grid, one that was not run.
  subscript(cell: CellID, metric: String) -> CellSummary {
    summaries[metric]?[cell] ?? CellSummary([], metric: metric)
  }
}
