import Federation
import JSON
import Kernels
import Synchronization
import Tensors
import Training

/// A trainer in a worker process.
final class TrainerWorker: TrainerProcess {
  private let command: TrainerCommand
  private let channel: WorkerChannel
  /// The process and its children.
  private let group: Int32
  /// What it said when it was greeted last.
  private let facts = Mutex<TrainerFacts?>(nil)

  init(_ command: TrainerCommand, arrays: [String: Int]) throws(TrainerError) {
    self.command = command
    do throws(WorkerError) {
      channel = try WorkerChannel(command.worker, arrays: arrays)
    } catch {
      throw TrainerError(error)
    }
    group = channel.group
  }

  func end() { channel.close() }

  func abort() { LiveWorkers.end(group: group) }

  // MARK: - Requests

  func begin(_ setup: TrainerSetup) throws(TrainerError) -> TrainerFacts {
    try greet(setup, describing: false)
  }

  func greet(_ setup: TrainerSetup, describing: Bool) throws(TrainerError) -> TrainerFacts {
    let members: [String: JSONValue] = [
      "clients": .integer(setup.clientCount), "participants": .integer(setup.participantCount),
      "rows_max": .integer(setup.participantCount), "rounds": .integer(setup.roundCount),
      "seed": .seed(setup.seed), "threads": .integer(command.threadCount),
      "params": JSONValue(text: command.parameters),
      "dimension": .null, "layers": .null, "classes": .null, "describe": .bool(describing),
    ]
    return try talking { () throws(WorkerError) -> TrainerFacts in
      let ready = try channel.greet(.trainer, members)
      return try read { () throws(WorkerAnswer.Problem) in
        let told = try TrainerFacts(ready)
        facts.withLock { $0 = told }
        return told
      }
    }
  }

  func initialParameters(seed: UInt64) throws(TrainerError) -> [Float] {
    let count = said.layout.count
    return try talking { () throws(WorkerError) -> [Float] in
      var results = [WorkerArray("result", [Float](repeating: 0, count: count))]
      _ = try channel.ask(
        "initialize", answer: "initialized", ["seed": .seed(seed)], results: &results)
      let values = results[0].values
      if let place = values.firstIndex(where: { !$0.isFinite }) {
        throw channel.fault(.init("made parameters that are not finite, the first at \(place)"))
      }
      return values
    }
  }

  func train(
    _ round: TrainerRound, into updates: inout Matrix<Float>
  ) throws(TrainerError) -> [Int] {
    let shape = said.shape
    let members: [String: JSONValue] = [
      "round": .integer(round.round), "clients": .array(round.clients.map { .integer($0) }),
      "seeds": .array(round.seeds.map { .seed($0) }), "schedule": round.schedule.message,
      "poison": .array(round.poisons.map { $0?.message(shape) ?? .null }),
    ]
    // In place: a second owner of the rows would be a second matrix.
    var results = [WorkerArray("updates", Matrix(rowCount: 0, columnCount: updates.columnCount))]
    swap(&results[0].matrix, &updates)
    defer { swap(&results[0].matrix, &updates) }
    do throws(WorkerError) {
      let answer = try channel.ask(
        "train", answer: "trained", members, arrays: [WorkerArray("global", round.global)],
        results: &results)
      return try read { () throws(WorkerAnswer.Problem) in
        try answer.counts("examples", count: round.clients.count)
      }
    } catch {
      throw TrainerError(error)
    }
  }

  func evaluate(
    _ parameters: [Float], round: Int, backdoors: [TrainerBackdoor]
  ) throws(TrainerError) -> TrainerScores {
    let facts = said
    let members: [String: JSONValue] = [
      "round": .integer(round),
      "backdoors": .array(backdoors.map { .object($0.message(facts.shape)) }),
    ]
    return try talking { () throws(WorkerError) -> TrainerScores in
      var none: [WorkerArray] = []
      let answer = try channel.ask(
        "evaluate", answer: "evaluated", members, arrays: [WorkerArray("global", parameters)],
        results: &none)
      return try read { () throws(WorkerAnswer.Problem) in
        try TrainerScores(
          answer, classCount: facts.classCount, backdoorCount: backdoors.count)
      }
    }
  }

  // MARK: - Faults

  private var said: TrainerFacts {
    guard let facts = facts.withLock({ $0 }) else {
      preconditionFailure("a trainer is asked for something before it was greeted")
    }
    return facts
  }

  private func talking<R>(
    _ body: () throws(WorkerError) -> R
  ) throws(TrainerError) -> R {
    do throws(WorkerError) { return try body() } catch { throw TrainerError(error) }
  }

  /// Reads an answer; what is wrong with it is a fault of the worker.
  private func read<R>(
    _ body: () throws(WorkerAnswer.Problem) -> R
  ) throws(WorkerError) -> R {
    do throws(WorkerAnswer.Problem) { return try body() } catch { throw channel.fault(error) }
  }
}
