import Datasets
import Determinism
import Federation
import Synchronization
import Tensors
import Training

@testable import Simulation

/// Everything that a round loop needs, made from a small scenario.
struct TrialBench {
  let scenario: Scenario
  let model: any Model
  let data: FederationData
  let seed = SeedPath(root: 1)

  init(_ overrides: [String] = []) throws {
    scenario = try ScenarioText.scenario(overrides)
    let source = GaussianClassesSource(
      features: 4, classCount: 3, shift: 2, testCount: 30, trainingCount: 60)
    model = Perceptron(
      inputs: 4, hidden: scenario.task.model.hidden, classes: 3,
      initialization: scenario.task.model.initialization)
    data = try FederationData(
      source: source, partition: scenario.clients.partition.made,
      clientCount: scenario.clients.count, seed: seed)
  }

  func loop(
    attack: any Attack = Honest(), rule: any Aggregator = PlainMean(), width: Int = 1,
    backdoors: [Backdoor] = []
  ) -> RoundLoop {
    RoundLoop(
      RoundLoop.Setup(
        scenario: scenario, model: model, data: data, backdoors: backdoors,
        seed: seed,
        pool: WorkPool(width: width)), attack: attack, defense: DefensePipeline(rule: rule))
  }

  /// The clients that the scenario puts under control.
  var controlled: [ClientID] {
    ClientSampling(clients: scenario.clients, threat: scenario.threat, seed: seed).controlled
  }
}

/// Notes of calls, from any thread.
final class Log<Entry: Sendable>: Sendable {
  private let notes = Mutex<[Entry]>([])
  var entries: [Entry] { notes.withLock { $0 } }
  func note(_ entry: Entry) { notes.withLock { $0.append(entry) } }
}

/// Answers with one vector, and notes the weights and clients of the rows.
struct Constant: Aggregator {
  static let manifest = PlainMean.manifest
  var value: Float = 0
  let log = Log<(clients: [ClientID], weights: [Double])>()

  init(_: Arguments, setup _: DefenseSetup) {}
  init(_ value: Float) { self.value = value }

  mutating func aggregate<Element>(
    _ updates: UpdateMatrix<Element>, in _: RoundContext
  ) throws(DefenseError) -> Aggregation<Element> {
    log.note((updates.provenance.map { $0.shares[0].client }, updates.weights))
    return Aggregation(
      update: [Element](repeating: Element(value), count: updates.columnCount),
      verdicts: updates.weights.map { Verdict(.accepted, weight: $0) })
  }
}

/// Changes labels of its clients to the last class, and notes what it is called with.
struct Spy: Attack {
  static let manifest = Honest.manifest
  let surface: ThreatModel.Surface
  let knowledge: ThreatModel.Knowledge
  let poisoned = Log<ClientID>()
  let trained = Log<(round: Int, client: ClientID, labels: Set<Int>, rate: Float)>()
  let views = Log<AttackerView>()

  init(_: Arguments, setup _: AttackSetup) { self.init() }
  init(
    surface: ThreatModel.Surface = [.data, .training, .update],
    knowledge: ThreatModel.Knowledge = .ownClients
  ) {
    self.surface = surface
    self.knowledge = knowledge
  }

  var threatModel: ThreatModel { ThreatModel(surface: surface, knowledge: knowledge) }

  func poison(_ shard: inout Shard, of client: ClientID, random _: inout RandomStream) {
    poisoned.note(client)
    for index in shard.labels.indices { shard.labels[index] = 2 }
  }

  func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    trained.note((job.round, job.client, Set(job.shard.labels), job.schedule.learningRate))
    job.train(with: &trainer, random: &random)
  }

  mutating func craft(
    _: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    views.note(view)
    return ["calls": Double(views.entries.count)]
  }
}
