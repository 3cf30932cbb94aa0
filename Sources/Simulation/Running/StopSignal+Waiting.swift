import Dispatch
import Foundation

extension StopSignal {
  /// Runs a body and waits for its end, but after a stop only so long.
  ///
  /// - Parameters:
  ///   - patience: How long after the signal it waits; `nil`: as long as it takes, on this thread.
  ///   - body: What to run, on a thread of its own.
  /// - Returns: Whether the body has ended; if not, it goes on.
  func await(within patience: Duration?, _ body: @escaping @Sendable () -> Void) -> Bool {
    guard let patience else {
      body()
      return true
    }
    let end = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      body()
      end.signal()
    }
    var limit: ContinuousClock.Instant?
    while end.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
      guard isStopped else { continue }
      if let limit, ContinuousClock.now >= limit { return false }
      limit = limit ?? ContinuousClock.now + patience
    }
    return true
  }
}
