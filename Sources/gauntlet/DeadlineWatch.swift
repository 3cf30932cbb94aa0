import Dispatch
import Simulation

/// Asks a run to stop when its time is over.
final class DeadlineWatch {
  private let timer: any DispatchSourceTimer

  /// `onStop` is called once, if the time is over before `cancel`.
  init(_ stop: StopSignal, after time: Duration, onStop: @escaping @Sendable () -> Void) {
    timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "gauntlet.deadline"))
    let milliseconds = max(0, Int(time / .milliseconds(1)))
    timer.schedule(deadline: .now() + .milliseconds(milliseconds))
    timer.setEventHandler {
      guard !stop.isStopped else { return }
      stop.stop()
      onStop()
    }
    timer.resume()
  }

  func cancel() { timer.cancel() }
}
