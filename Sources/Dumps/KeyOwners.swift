import Simulation
import Synchronization

/// Which cell writes the folder of a key: cells that share one have equal numbers, and one is enough.
final class KeyOwners: Sendable {
  private let cells = Mutex<[String: String]>([:])

  /// Whether it is this trial; whoever asks first has it.
  func isOwner(_ trial: PlannedTrial) -> Bool {
    cells.withLock { cells in
      if cells[trial.key] == nil { cells[trial.key] = trial.cell }
      return cells[trial.key] == trial.cell
    }
  }
}
