import Gating
import Results
import Synchronization

/// What a study says about its cells, each worked out once however many tables and figures ask.
///
/// Copies of a study share it, which is right as trials never change.
final class StudyCache: Sendable {
  private let summaries = Mutex<[String: [CellID: CellSummary]]>([:])
  private let flags = Mutex<[CellID: [CellFlag]]?>(nil)

  /// What all cells say about a metric; `make` must not ask for another.
  func summaries(
    of metric: String, _ make: () -> [CellID: CellSummary]
  ) -> [CellID: CellSummary] {
    summaries.withLock { known in
      if let found = known[metric] { return found }
      let made = make()
      known[metric] = made
      return made
    }
  }

  /// The flags of all cells.
  func flags(_ make: () -> [CellID: [CellFlag]]) -> [CellID: [CellFlag]] {
    flags.withLock { known in
      if let known { return known }
      let made = make()
      known = made
      return made
    }
  }
}
