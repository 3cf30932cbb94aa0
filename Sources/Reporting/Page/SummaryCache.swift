import Results
import Studies
import Synchronization

/// What cells say about metrics, each worked out once however often a page shows it.
final class SummaryCache: Sendable {
  private let study: Study
  private let known = Mutex<[String: [CellID: CellSummary]]>([:])

  init(_ study: Study) { self.study = study }

  /// - Complexity: O(trials of the cell) for the first time, then O(1).
  subscript(cell: CellID, metric: String) -> CellSummary {
    if let found = known.withLock({ $0[metric]?[cell] }) { return found }
    let summary = study.summary(cell, metric)
    known.withLock { $0[metric, default: [:]][cell] = summary }
    return summary
  }
}
