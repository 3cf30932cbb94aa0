import JSON
import Synchronization

/// The worker of one component in one trial: started when it is needed, and replaced once.
///
/// A class, since a copy of a process cannot be had: all copies of a component speak to one worker,
/// which is let go with the last of them.
final class WorkerTrial: Sendable {
  private struct State {
    var channel: WorkerChannel?
    var isReplaced = false
  }

  let supply: WorkerSupply
  private let state = Mutex(State())

  init(_ supply: WorkerSupply) { self.supply = supply }

  deinit {
    if let channel = state.withLock({ $0.channel }) { supply.takeBack(channel) }
  }

  /// Asks the worker; a new one if it is lost, once, and only where an answer does not depend on
  /// earlier ones.
  ///
  /// - Parameters:
  ///   - request: What is asked.
  ///   - hello: What the worker is told at the start of the trial.
  ///   - capacities: The most values of each array in the trial.
  ///   - reading: Makes sense of the answer; what it throws is a fault of the worker.
  /// - Returns: The sense that it made.
  /// - Throws: ``WorkerError`` where the second worker is lost, too, or one says that it cannot.
  func ask<R: Sendable>(
    _ request: WorkerRequest, hello: [String: JSONValue], capacities: [String: Int],
    reading: (WorkerAnswer, [WorkerArray]) throws(WorkerAnswer.Problem) -> R
  ) throws(WorkerError) -> R {
    try state.withLock { state throws(WorkerError) in
      while true {
        do throws(WorkerError) {
          if let channel = state.channel { return try channel.ask(request, reading: reading) }
          let channel = try supply.worker(hello, arrays: capacities)
          state.channel = channel
          return try channel.ask(request, reading: reading)
        } catch {
          state.channel = nil
          guard case .lost = error, !supply.ready.isStateful, !state.isReplaced else { throw error }
          state.isReplaced = true
        }
      }
    }
  }
}

/// One question to a worker.
struct WorkerRequest {
  let type: String
  /// The type of the answer.
  let answer: String
  let members: [String: JSONValue]
  let arrays: [WorkerArray]
  /// What it has to return, in these shapes.
  let results: [WorkerArray]
}

extension WorkerChannel {
  fileprivate func ask<R>(
    _ request: WorkerRequest,
    reading: (WorkerAnswer, [WorkerArray]) throws(WorkerAnswer.Problem) -> R
  ) throws(WorkerError) -> R {
    var results = request.results
    let answer = try ask(
      request.type, answer: request.answer, request.members, arrays: request.arrays,
      results: &results)
    do throws(WorkerAnswer.Problem) {
      return try reading(answer, results)
    } catch {
      throw fault(error)
    }
  }
}
