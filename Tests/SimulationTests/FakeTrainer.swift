import Determinism
import Federation
import Kernels
import Synchronization
import Tensors

/// Trainers of these tests, within this process: three parameters, whose training draws from the seeds that it is given.
final class FakeHost: TrainerHost {
  /// What goes wrong.
  enum Mishap: Sendable {
    case none
    /// The process with this number ends when it trains this round.
    case ends(process: Int, round: Int)
    /// Every process ends when it trains this round.
    case alwaysEnds(round: Int)
    /// The program itself gives up in this round.
    case givesUp(round: Int)
  }

  struct Train: Sendable {
    let process: Int
    let seed: UInt64
    let round: TrainerRound
  }

  let mishap: Mishap
  let facts: TrainerFacts
  let trained = Log<Train>()
  let begun = Log<(process: Int, setup: TrainerSetup)>()
  let described = Log<TrainerCommand>()
  private let numbers = Mutex((started: 0, running: 0, most: 0))

  init(
    mishap: Mishap = .none, poisons: Set<String> = ["label-flip", "backdoor"],
    shape: InputShape? = .vector(4), clients: Int = 6, identity: String = "1234"
  ) {
    self.mishap = mishap
    facts = TrainerFacts(
      name: "fake", version: "1", identity: identity,
      layout: ParameterLayout([.init(name: "all", role: .weight, shape: [3], range: 0..<3)]),
      classCount: 3, exampleCounts: (0..<clients).map { 10 + $0 }, testCount: 30, shape: shape,
      poisons: poisons, isReusable: true)
  }

  var startedCount: Int { numbers.withLock { $0.started } }
  /// The most processes that there were at one time.
  var mostRunning: Int { numbers.withLock { $0.most } }
  var running: Int { numbers.withLock { $0.running } }

  func describe(
    _ command: TrainerCommand, _: TrainerSetup
  ) throws(TrainerError) -> TrainerFacts {
    described.note(command)
    return facts
  }

  func start(
    _: TrainerCommand, dimension _: Int, rowCount _: Int
  ) throws(TrainerError) -> any TrainerProcess {
    let number = numbers.withLock { numbers in
      numbers.started += 1
      numbers.running += 1
      numbers.most = max(numbers.most, numbers.running)
      return numbers.started
    }
    return FakeTrainer(host: self, number: number)
  }

  func ended() { numbers.withLock { $0.running -= 1 } }
}

final class FakeTrainer: TrainerProcess {
  private let host: FakeHost
  private let number: Int
  private let seed = Mutex(UInt64(0))
  private let isEnded = Mutex(false)

  init(host: FakeHost, number: Int) {
    self.host = host
    self.number = number
  }

  func begin(_ setup: TrainerSetup) throws(TrainerError) -> TrainerFacts {
    host.begun.note((number, setup))
    seed.withLock { $0 = setup.seed }
    return host.facts
  }

  func initialParameters(seed: UInt64) throws(TrainerError) -> [Float] {
    var random = SeedPath(root: seed).stream()
    return (0..<3).map { _ in Float(random.unit()) }
  }

  func train(
    _ round: TrainerRound, into updates: inout Matrix<Float>
  ) throws(TrainerError) -> [Int] {
    host.trained.note(.init(process: number, seed: seed.withLock { $0 }, round: round))
    switch host.mishap {
    case .ends(number, round.round): throw .fault("it is gone")
    case .alwaysEnds(round.round): throw .fault("it is gone")
    case .givesUp(round.round): throw .refused("no more of this")
    default: break
    }
    for (row, seed) in round.seeds.enumerated() {
      var random = SeedPath(root: seed).child("\(round.clients[row])").stream()
      let shift: Float = round.poisons[row] == nil ? 0 : 1
      let update = round.global.map { shift + Float(random.unit()) - 0.1 * $0 }
      updates.setRow(row, to: update.span)
    }
    return round.clients.map { 2 * $0 }
  }

  func evaluate(
    _ parameters: [Float], round _: Int, backdoors: [TrainerBackdoor]
  ) throws(TrainerError) -> TrainerScores {
    let hits = Int(abs(parameters[0] * 100)) % 10
    return TrainerScores(
      exampleCounts: [10, 10, 10], hitCounts: [hits, 5, 10],
      triggered: backdoors.map { _ in .init(exampleCount: 20, hitCount: hits) })
  }

  func abort() { end() }

  func end() {
    let isFirst = isEnded.withLock { ended in
      defer { ended = true }
      return !ended
    }
    if isFirst { host.ended() }
  }
}
