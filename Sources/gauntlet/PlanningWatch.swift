import Dispatch
import Foundation
import Synchronization

/// Ends the program a while after a stop, as long as nothing was written: planning may draw data,
/// read large files or wait for a pipe, which nothing can end in the middle.
final class PlanningWatch: Sendable {
  private let patience: Duration
  private let onExit: @Sendable () -> Void
  private let isPlanning = Mutex(true)

  /// `onExit` is called before the program ends.
  init(after patience: Duration, onExit: @escaping @Sendable () -> Void) {
    self.patience = patience
    self.onExit = onExit
  }

  /// Says that a stop was asked for.
  func stop() {
    let milliseconds = Int(patience / .milliseconds(1))
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { [self] in
      isPlanning.withLock { isPlanning in
        guard isPlanning else { return }
        onExit()
        Ending.end(with: 75)
      }
    }
  }

  /// Says that files are written from now on.
  func end() { isPlanning.withLock { $0 = false } }
}
