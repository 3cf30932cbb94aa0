import Components
import Determinism
import JSON
import Synchronization

/// The workers of one entry: what they said when they were planned, and those that wait for a trial.
final class WorkerSupply: Sendable {
  let command: WorkerCommand
  let kind: WorkerReady.Kind
  let ready: WorkerReady
  /// What the scenario tells the program.
  let parameters: JSONValue
  private let idle = Mutex<[WorkerChannel]>([])

  /// Starts a worker, asks who it is, and lets it go.
  init(
    _ command: WorkerCommand, kind: WorkerReady.Kind, parameters: JSONValue
  ) throws(WorkerError) {
    self.command = command
    self.kind = kind
    self.parameters = parameters
    let channel = try WorkerChannel(command, arrays: [:])
    ready = try channel.greet(
      kind,
      [
        "describe": true, "dimension": nil, "f": nil, "layers": nil, "params": parameters,
        "threads": .integer(command.threads ?? 1),
      ])
    channel.close()
  }

  deinit {
    for channel in idle.withLock({ $0 }) { channel.close() }
  }

  /// A worker that was greeted for a trial: one that waits, or a new one.
  func worker(
    _ hello: [String: JSONValue], arrays: [String: Int]
  ) throws(WorkerError) -> WorkerChannel {
    while let channel = idle.withLock({ $0.popLast() }) {
      if channel.fits(arrays) {
        // One that ended in the meantime is no fault of this trial.
        if (try? greet(channel, hello)) != nil { return channel }
      } else {
        channel.close()
      }
    }
    let channel = try WorkerChannel(command, arrays: arrays)
    try greet(channel, hello)
    return channel
  }

  private func greet(
    _ channel: WorkerChannel, _ hello: [String: JSONValue]
  ) throws(WorkerError) {
    var hello = hello
    hello["params"] = parameters
    hello["threads"] = .integer(command.threads ?? 1)
    let said = try channel.greet(kind, hello)
    guard said.isSame(as: ready) else {
      throw channel.fault(
        .init(
          "says that it is '\(said.name)', version '\(said.version)', and not what it said when "
            + "the trial was planned: '\(ready.name)', version '\(ready.version)'"))
    }
  }

  /// Takes a worker back whose trial is over.
  func takeBack(_ channel: WorkerChannel) {
    if ready.isReusable {
      idle.withLock { $0.append(channel) }
    } else {
      channel.close()
    }
  }
}

extension SeedPath {
  /// A whole number for a worker, which is told nothing that other draws could be guessed by.
  var workerSeed: JSONValue {
    var random = child("worker").stream()
    return .integer(Int(random.next() >> 1))
  }
}
