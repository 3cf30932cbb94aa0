public import JSON
import Synchronization

/// A worker and what is said to it: one greeting per trial, then requests, one at a time.
///
/// Whatever goes wrong, the caller gets a ``WorkerError`` within the time limit; a channel that threw
/// one is of no further use, and its process is gone.
public final class WorkerChannel: Sendable {
  public let command: WorkerCommand
  private let session: Mutex<WorkerSession>

  /// Starts the process.
  ///
  /// - Parameters:
  ///   - command: What to start.
  ///   - arrays: The most values of each array that will be sent or received.
  /// - Throws: ``WorkerError`` where the system starts no more processes.
  public init(_ command: WorkerCommand, arrays: [String: Int]) throws(WorkerError) {
    self.command = command
    session = Mutex(try WorkerSession(command, arrays: arrays))
  }

  /// How matrices travel.
  public var transport: WorkerCommand.Transport {
    session.withLock { $0.isMapped ? .mapped : .inline }
  }

  /// Whether arrays of so many values each can be sent.
  public func fits(_ arrays: [String: Int]) -> Bool { session.withLock { $0.fits(arrays) } }

  /// Greets the worker, for the first time or for another trial.
  ///
  /// - Parameters:
  ///   - kind: What it has to be.
  ///   - members: What else it is told.
  /// - Returns: What it says about itself.
  /// - Throws: ``WorkerError`` where it does not.
  public func greet(
    _ kind: WorkerReady.Kind, _ members: [String: JSONValue]
  ) throws(WorkerError) -> WorkerReady {
    try session.withLock { session throws(WorkerError) in try session.greet(kind, members) }
  }

  /// Asks for something and waits for the answer.
  ///
  /// - Parameters:
  ///   - type: The type of the request.
  ///   - answer: The type of the answer.
  ///   - members: What goes with it.
  ///   - arrays: What it works on.
  ///   - results: The arrays that it has to return, in these shapes; their values are replaced.
  /// - Returns: The members of the answer.
  /// - Throws: ``WorkerError`` where there is no such answer within the time limit.
  public func ask(
    _ type: String, answer: String, _ members: [String: JSONValue], arrays: [WorkerArray] = [],
    results: inout [WorkerArray]
  ) throws(WorkerError) -> WorkerAnswer {
    try session.withLock { session throws(WorkerError) in
      try session.ask(type, answer: answer, members, arrays: arrays, results: &results)
    }
  }

  /// The error for an answer that does not make sense; it says whose it is.
  public func fault(_ problem: WorkerAnswer.Problem) -> WorkerError {
    session.withLock { $0.abandoned(because: problem.reason) }
  }

  /// Takes leave: the worker has two seconds to end by itself.
  public func close() { session.withLock { $0.close() } }
}

extension WorkerChannel {
  /// The number of the process, and of the group that all of its children are in.
  var group: Int32 { session.withLock { $0.group } }
}
