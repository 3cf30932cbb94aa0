import Components
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
  let local: LocalTask
  let data: FederationData
  let seed = SeedPath(root: 1)

  init(_ overrides: [String] = []) throws {
    scenario = try ScenarioText.scenario(overrides)
    let source = GaussianClassesSource(
      features: 4, classCount: 3, shift: 2, testCount: 30, trainingCount: 60)
    local = LocalTask(
      data: DataResolver.Opened(source: source, digest: nil, rowCount: 0), outOfDistribution: nil,
      model: try scenario.task.model.entry.make(
        scenario.task.model.arguments, ModelSetup(shape: source.shape, classCount: 3)),
      initial: nil)
    data = try FederationData(
      source: source, partition: scenario.clients.partition.made,
      clientCount: scenario.clients.count, seed: seed,
      withheld: .init(
        rootCount: scenario.serverData.rootSamples ?? 0, auxiliary: scenario.threat.auxiliary))
  }

  var model: any Model { local.model }

  var task: TaskFacts {
    TaskFacts(
      .here(local), patterns: PatternFiles(in: DataFolders(besideScenario: nil, environment: [:])))
  }

  /// A loop under one attack, or under `attacks` if they are given.
  func loop(
    attack: any Attack = Honest(), attacks: AttackGroups? = nil, stages: [any PreAggregator] = [],
    rule: any Aggregator = PlainMean(), finishers: [any ModelFinisher] = [], width: Int = 1,
    backdoors: [Backdoor] = []
  ) -> RoundLoop {
    let context = TrialContext(
      variant: Plan.Variant(
        scenario: scenario, task: task, memory: MemoryNeed(scenario, task, defenses: [])),
      seed: seed,
      data: data,
      pool: WorkPool(width: width), substitutions: .none)
    return RoundLoop(
      context, task: local,
      attacks: attacks ?? AttackGroups(AttackPipeline(attack), of: controlled),
      defense: DefensePipeline(stages: stages, rule: rule, finishers: finishers),
      needsRoot: scenario.serverData.rootSamples != nil, backdoors: backdoors)
  }

  /// Attacks by one after the other of the controlled clients; the last one has the rest.
  func groups(_ attacks: [(name: String, count: Int, attack: any Attack)]) -> AttackGroups {
    var rest = controlled[...]
    return AttackGroups(
      attacks.map { group in
        let hand = Array(rest.prefix(group.count))
        rest = rest.dropFirst(group.count)
        return .init(name: group.name, clients: hand, attack: AttackPipeline(group.attack))
      })
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

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in _: RoundContext
  ) throws(DefenseError) -> Aggregation {
    log.note((updates.provenance.map { $0.shares[0].client }, updates.weights))
    return Aggregation(
      update: [Float](repeating: value, count: updates.columnCount),
      verdicts: updates.weights.map { Verdict(.accepted, weight: $0) })
  }
}

/// Changes labels of its clients to the last class, and notes what it is called with.
struct Spy: Attack {
  static let manifest = Honest.manifest
  static let tier = ThreatTier.ownKnowledge
  let surface: ThreatModel.Surface
  let knowledge: ThreatModel.Knowledge
  let observed = Log<(round: Int, isActing: Bool, first: Float)>()
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

  mutating func observe(_ broadcast: Broadcast) {
    observed.note((broadcast.round, broadcast.isActing, broadcast.global[0]))
  }

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
