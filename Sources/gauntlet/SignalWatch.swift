import Dispatch
import Foundation
import Simulation

/// Turns SIGINT, SIGTERM and SIGHUP into a request to stop; a second one ends the program at once.
///
/// SIGHUP stays ignored where it is, as `nohup` wants it.
final class SignalWatch {
  private let sources: [any DispatchSourceSignal]

  /// `onFirst` is called once, when a stop is asked for.
  init(_ stop: StopSignal, onFirst: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "gauntlet.signals")
    let hangup = Terminal.ignoresHangup ? [] : [SIGHUP]
    sources = ([SIGINT, SIGTERM] + hangup).map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        if stop.isStopped { Ending.end(with: 75) }
        stop.stop()
        onFirst()
      }
      source.resume()
      return source
    }
  }

  func cancel() {
    for source in sources { source.cancel() }
  }
}
