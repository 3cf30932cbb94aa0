import ArgumentParser
import Reporting
import Results
import Simulation
import Synchronization

/// How to show progress.
enum ProgressMode: String, ExpressibleByArgument, CaseIterable {
  /// A bar on a terminal, lines elsewhere.
  case auto
  case bar
  case lines
  case none
}

/// Shows on standard error how far a run is.
final class ProgressReporter: Sendable {
  private struct State {
    /// When the bar or the next line is due.
    var due: ContinuousClock.Instant
    var cell = ""
    var hasBar = false
  }

  private let mode: ProgressMode
  private let start = ContinuousClock.now
  private let state: Mutex<State>

  init(mode: ProgressMode) {
    self.mode = mode == .auto ? (Terminal.isError ? .bar : .lines) : mode
    // By then the rounds tell something about the time left.
    state = Mutex(State(due: start + (self.mode == .bar ? .milliseconds(200) : .seconds(1))))
  }

  /// Seconds since the start.
  var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// Redraws the bar ten times a second, or writes a line after one second and then every five.
  func update(_ progress: Runner.Progress) {
    guard mode != .none else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      guard now >= state.due else { return }
      state.due = now + (mode == .bar ? .milliseconds(100) : .seconds(5))
      let line = ProgressLine(
        doneCount: progress.finishedRounds, totalCount: progress.totalRounds,
        elapsed: (now - start) / .seconds(1), cell: state.cell)
      if mode == .bar {
        Console.replaceLine(line.bar(width: Terminal.errorWidth - 1))
        state.hasBar = true
      } else {
        Console.note(line.plain(unit: "rounds"))
      }
    }
  }

  /// Remembers the cell that ended last.
  func note(_ record: TrialRecordV1) {
    state.withLock { $0.cell = record.cell }
  }

  /// Writes a message; a bar goes on below it.
  func interrupt(_ message: String) {
    state.withLock { state in
      clear(&state)
      Console.note(message)
    }
  }

  /// Clears the bar.
  func finish() {
    state.withLock { clear(&$0) }
  }

  private func clear(_ state: inout State) {
    if state.hasBar { Console.replaceLine("") }
    state.hasBar = false
  }
}
