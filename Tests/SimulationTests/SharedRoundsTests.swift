import Components
import Datasets
import Determinism
import Federation
import Results
import Tensors
import Testing

@testable import Simulation

/// Trials that go on from rounds that another one played are what they would be alone, bit by bit.
@Suite struct SharedRoundsTests {
  /// Three attacked trials and a clean one for each of three defenses, with two seeds; nobody acts
  /// before round 3.
  private static let common = [
    "seeds=[1, 2]", "rounds=7", "threat.window={start: 3, stop: 6}", "clients.count=7",
    "attacks=[none, {id: push, use: fixed-row, value: 0.5}, drifter, roamer, parted]",
    "defenses=[mean, remembering, {id: halved, use: remembering, stages: [halving]}]",
  ]

  private static let catalog = Catalog.test.adding(
    attacks: [AttackEntry(Drifter.self), AttackEntry(Roamer.self), AttackEntry(Parted.self)],
    aggregators: [AggregatorEntry(Remembering.self)])

  private static let metrics = MetricCatalog(
    meters: [RowMeter.self, EverythingMeter.self], metrics: [TestScores.self], flags: [])

  static let settings: [[String]] = [
    [], ["evaluation.every=1", "threat.backdoor={size: 1, target: 0}"],
    ["server={optimizer: adam, lr: 0.01}", "evaluation.every=2"], ["server={momentum: 0.9}"],
    ["server={algorithm: fedsgd, worker-momentum: 0.9}", "clients.participation=0.6"],
    ["defense-knows={root-samples: 6}", "threat.outside=absent"],
    ["clients.deadline=1.2", "clients.partition={kind: quantity-skew, alpha: 1}"],
    ["clients.deadline=1", "clients.dropout=0.5", "server={momentum: 0.9}"],
  ]

  private func plan(_ overrides: [String] = []) throws -> Plan {
    let file = try ScenarioFile(
      text: ScenarioText.valid, path: "t.yaml", catalog: Self.catalog,
      overrides: (Self.common + overrides).map { pair in
        let parts = pair.split(separator: "=", maxSplits: 1)
        return (String(parts[0]), String(parts[1]))
      })
    return try Plan(file, catalog: Self.catalog)
  }

  private struct Run: Equatable {
    var records: [TrialRecordV1] = []
    var rounds: [[RoundRecordV1]] = []
  }

  private func run(
    _ plan: Plan, shares: Bool, jobs: Int = 1, perTrial: Int? = nil, share: Range<Int>? = nil,
    recorded: [TrialRecordV1] = [], observer: Watcher? = nil,
    substitutions: Substitutions = .none
  ) throws -> Run {
    let log = Log<FinishedTrial>()
    let summary = try Runner(
      plan: plan, metrics: Self.metrics, jobs: jobs, threadsPerTrial: perTrial,
      recorded: recorded, share: share, sharesRounds: shares, substitutions: substitutions,
      observer: observer
    ).run(stop: StopSignal(), onProgress: { _ in }, onTrial: { log.note($0) })
    #expect(!summary.isStopped)
    return Run(records: log.entries.map(\.record), rounds: log.entries.map(\.rounds))
  }

  @Test(arguments: settings) func `records are those of trials alone`(_ overrides: [String]) throws
  {
    let plan = try plan(overrides)
    #expect(SharedRounds(plan, Workload(plan), room: nil).groups.count == 6)
    let alone = try run(plan, shares: false)
    #expect(alone.records.count == 30 && alone.records.allSatisfy { $0.status == .ok })
    for (jobs, perTrial) in [(1, 1), (2, 1), (5, 1), (5, 5), (4, 2)] {
      let shared = try run(plan, shares: true, jobs: jobs, perTrial: perTrial)
      for (mine, theirs) in zip(shared.records, alone.records) { #expect(mine == theirs) }
      #expect(shared == alone)
    }
  }

  @Test func `rounds are played once, and the plan says how many`() throws {
    let plan = try plan()
    let shared = SharedRounds(plan, Workload(plan), room: nil)
    // Two seeds, three defenses, four attacked trials each, three rounds.
    #expect(shared.groups.count == 6 && shared.trialCount == 24 && shared.roundCount == 72)
    #expect(shared.byteCount > 0)
    func calls(_ shares: Bool) throws -> Int {
      let log = Log<Int>()
      var substitutions = Substitutions()
      substitutions.schedule = { schedule in
        log.note(1)
        return schedule
      }
      _ = try run(plan, shares: shares, jobs: 2, substitutions: substitutions)
      return log.entries.count
    }
    #expect(try calls(false) - calls(true) == 72)
  }

  @Test func `a part of the trials is shared by those that run`() throws {
    let plan = try plan()
    let whole = try run(plan, shares: false)
    for there in stride(from: 1, to: 1 << 30, by: 107_374_183) {
      let recorded = whole.records.indices.filter { there & (1 << $0) != 0 }
        .map { whole.records[$0] }
      let missing = whole.records.indices.filter { there & (1 << $0) == 0 }
      let rest = try run(plan, shares: true, jobs: 2, recorded: recorded)
      #expect(rest.records == missing.map { whole.records[$0] })
      #expect(rest.rounds == missing.map { whole.rounds[$0] })
    }
    for count in [2, 3, 7] {
      let parts = try PlanShards(plan, count: count).parts.map {
        try run(plan, shares: true, jobs: 2, share: $0.places)
      }
      #expect(parts.flatMap(\.records) == whole.records)
      #expect(parts.flatMap(\.rounds) == whole.rounds)
    }
  }

  @Test(arguments: [
    [], ["defense-knows={root-samples: 6}"],
    // What the server trains has a momentum of its own then.
    [
      "defense-knows={root-samples: 6}", "server={algorithm: fedsgd, worker-momentum: 0.9}",
      "clients.participation=0.6",
    ],
  ])
  func `observers see every round of every trial`(_ overrides: [String]) throws {
    let plan = try plan(overrides)
    let (alone, shared) = (Watcher(), Watcher())
    #expect(
      try run(plan, shares: false, observer: alone)
        == run(plan, shares: true, jobs: 5, observer: shared))
    let seen = alone.log.entries.sorted { $0.order < $1.order }
    #expect(seen.count == 30 * 7)
    #expect(shared.log.entries.sorted { $0.order < $1.order } == seen)
    // Those of one trial come in its order.
    for key in Set(seen.map(\.key)) {
      #expect(shared.log.entries.filter { $0.key == key }.map(\.round) == Array(0..<7))
    }
  }

  @Test func `a defense that fails in shared rounds fails in each trial`() throws {
    let plan = try plan(["defenses=[mean, {use: failing, round: 2}]", "seeds=[1]"])
    let alone = try run(plan, shares: false)
    #expect(alone.records.count { $0.status == .error } == 5)
    #expect(try run(plan, shares: true, jobs: 2) == alone)
  }

  @Test func `what cannot be copied runs alone`() throws {
    let catalog = Self.catalog.adding(
      attacks: [AttackEntry(Uncopied.self)], aggregators: [AggregatorEntry(UncopiedMean.self)])
    let file = try ScenarioFile(
      text: ScenarioText.valid, path: "t.yaml", catalog: catalog,
      overrides: [
        ("rounds", "5"), ("threat.window", "{start: 2, stop: 5}"), ("clients.count", "7"),
        ("attacks", "[none, uncopied, {id: push, use: fixed-row, value: 2}]"),
        ("defenses", "[mean, uncopied-mean]"),
      ])
    let plan = try Plan(file, catalog: catalog)
    let shared = SharedRounds(plan, Workload(plan), room: nil)
    let cells = shared.groups.map { $0.map { plan.trials[$0].cell } }
    #expect(cells == [["none/mean", "push/mean"]])
    #expect(try run(plan, shares: true) == run(plan, shares: false))
  }

  @Test func `forks stay within the room that there is`() throws {
    let plan = try plan()
    let all = SharedRounds(plan, Workload(plan), room: nil)
    #expect(SharedRounds(plan, Workload(plan), room: 0).groups.isEmpty)
    let some = SharedRounds(plan, Workload(plan), room: all.byteCount * 0.7)
    // Two of the three defenses of each seed.
    #expect(some.groups.count == 4 && some.byteCount <= all.byteCount * 0.7)
    // With memory that ends where the trials end nothing is kept.
    let least = plan.variants.map { $0.memory.least + $0.memory.thread }.max() ?? 0
    let tight = MemoryLimit(byteCount: least, origin: "a test")
    let runner = Runner(plan: plan, metrics: Self.metrics, jobs: 1, memory: tight)
    #expect(runner.sharedRounds.groups.isEmpty)
  }

  @Test(arguments: [1, 2, 7, 16, 20, 40])
  func `a plan counts as many shared rounds as a run`(jobs: Int) throws {
    let plan = try plan(["seeds=[1]"])
    let need = plan.variants[0].memory
    var counts: Set<Int> = []
    for part in Array(0...160) + [400, 1000] {
      let memory = MemoryLimit(
        byteCount: Double(part) / 4 * need.least + Double(jobs) * need.thread, origin: "a test")
      let told = SharedRounds(plan, Workload(plan), threads: jobs, memory: memory)
      let runner = Runner(plan: plan, metrics: Self.metrics, jobs: jobs, memory: memory)
      #expect(told.groups == runner.sharedRounds.groups, "\(part)")
      #expect(runner.trialThreads <= 15)
      counts.insert(told.roundCount)
    }
    #expect(counts.contains(0) && counts.contains(36))
  }

  @Test(arguments: [("{start: 0, stop: 6}", 0), ("{start: 6, stop: 7}", 6)])
  func `the last rounds are each trial's own`(window: String, count: Int) throws {
    let plan = try plan(["threat.window=\(window)", "seeds=[1]"])
    #expect(SharedRounds.count(plan.variants[0].scenario) == count)
    #expect(try run(plan, shares: true, jobs: 2) == run(plan, shares: false))
  }

  @Test func `a window that is moved parts the trials where it begins`() throws {
    let plan = try plan(["seeds=[1]"])
    var substitutions = Substitutions()
    substitutions.window = { _ in 1..<4 }
    #expect(
      try run(plan, shares: true, jobs: 2, substitutions: substitutions)
        == run(plan, shares: false, substitutions: substitutions))
  }

  @Test func `a stop drops the trials in hand`() throws {
    let plan = try plan(["seeds=[1]"])
    for limit in [1, 2, 3, 5, 20, 40] {
      let stop = StopSignal()
      let log = Log<TrialRecordV1>()
      let summary = try Runner(plan: plan, metrics: Self.metrics, jobs: 2).run(
        stop: stop, onProgress: { if $0.finishedRounds >= limit { stop.stop() } },
        onTrial: { log.note($0.record) })
      #expect(summary.isStopped && summary.recorded == log.entries.count)
      let rest = try run(plan, shares: true, jobs: 2, recorded: log.entries)
      // A trial in hand that is dropped may come before one that had ended.
      let (both, all) = (log.entries + rest.records, try run(plan, shares: false).records)
      #expect(both.count == all.count && Set(both) == Set(all), "\(limit)")
    }
  }

  @Test func `progress counts every round once`() throws {
    let plan = try plan()
    let log = Log<Int>()
    _ = try Runner(plan: plan, metrics: Self.metrics, jobs: 1).run(
      stop: StopSignal(), onProgress: { log.note($0.finishedRounds) }, onTrial: { _ in })
    #expect(log.entries == Array(1...210))
  }
}

/// The mean of this round and of the rounds before.
private struct Remembering: Aggregator {
  static let manifest = ComponentManifest(id: "remembering", summary: "", formula: "")
  static let traits: DefenseTraits = .stateful
  private var mean = PlainMean()
  private var memory: [Float] = []

  init(_: Arguments, setup _: DefenseSetup) {}

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    var result = try mean.aggregate(updates, in: round)
    if memory.isEmpty { memory = result.update }
    for index in memory.indices { memory[index] = (memory[index] + result.update[index]) / 2 }
    result.update = memory
    return result
  }
}

/// The mean in another process, as it were.
private struct UncopiedMean: Aggregator {
  static let manifest = ComponentManifest(id: "uncopied-mean", summary: "", formula: "")
  private var mean = PlainMean()
  init(_: Arguments, setup _: DefenseSetup) {}
  var isCopyable: Bool { false }

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation { try mean.aggregate(updates, in: round) }
}

/// An attack in another process, as it were.
private struct Uncopied: Attack {
  static let tier = ThreatTier.ownKnowledge
  static let manifest = ComponentManifest(id: "uncopied", summary: "", formula: "")
  init(_: Arguments, setup _: AttackSetup) {}
  var threatModel: ThreatModel { ThreatModel(surface: .update) }
  var isCopyable: Bool { false }
}

/// Sends what it has seen of all models so far, those before the window too, and poisons data by what
/// it was made with.
private struct Drifter: Attack {
  static let tier = ThreatTier.ownKnowledge
  static let manifest = ComponentManifest(id: "drifter", summary: "", formula: "")
  private var sum: Float = 0
  private(set) var gradientCount = 0

  init(_: Arguments, setup _: AttackSetup) {}
  var threatModel: ThreatModel { ThreatModel(surface: [.data, .update], knowledge: .defense) }

  mutating func observe(_ broadcast: Broadcast) {
    sum += broadcast.global.reduce(0) { $0 + abs($1) }
    gradientCount += broadcast.round + 1
  }

  func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    // Before it has seen any model.
    for index in shard.labels.indices { shard.labels[index] = sum == 0 ? 2 : 0 }
  }

  mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    var probe = view.probe
    let response = probe?.respond(to: rows)
    for row in 0..<rows.rowCount { rows.scaleRow(row, by: Double(1 + sum / 100)) }
    return [
      "sum": Double(sum), "rehearsal": Double(response?.update.reduce(0, +) ?? 0),
    ]
  }
}

/// A backdoor of another feature in every round, also of those before the window.
private struct Roamer: Attack {
  static let tier = ThreatTier.ownKnowledge
  static let manifest = ComponentManifest(id: "roamer", summary: "", formula: "")
  let backdoor = Backdoor(trigger: Trigger(positions: [0], values: [3]), target: 0)
  private(set) var roundTrigger: Trigger? = Trigger(positions: [0], values: [3])

  init(_: Arguments, setup _: AttackSetup) {}
  var threatModel: ThreatModel { ThreatModel(surface: .data) }
  var goal: AttackGoal { .backdoor(backdoor) }

  mutating func observe(_ broadcast: Broadcast) {
    roundTrigger = Trigger(positions: [broadcast.round % 4], values: [broadcast.global[0] + 3])
  }

  func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    guard let roundTrigger else { return }
    for row in 0..<shard.count {
      shard.inputs.withMutableRow(row) { roundTrigger.apply(to: &$0, random: &random) }
      shard.labels[row] = backdoor.target
    }
  }
}

/// The same backdoor as a roamer starts with, which stays, and a part of it that is measured too.
private struct Parted: Attack {
  static let tier = ThreatTier.ownKnowledge
  static let manifest = ComponentManifest(id: "parted", summary: "", formula: "")
  init(_: Arguments, setup _: AttackSetup) {}
  var threatModel: ThreatModel { ThreatModel(surface: []) }
  var goal: AttackGoal {
    .backdoor(Backdoor(trigger: Trigger(positions: [0], values: [3]), target: 0))
  }
  var evaluated: [Backdoor] {
    [Backdoor(trigger: Trigger(positions: [1], values: [2]), target: 1)]
  }
}

/// Whatever a round tells, as numbers.
private struct EverythingMeter: RoundMeter {
  static let series = ["gradients", "honest", "acting", "backdoors", "hits", "weights", "far"]
  private var far = 0.0
  init(_: MeterSetup) {}

  mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    far = far / 2 + Double(observation.aggregate?.reduce(0, +) ?? 0)
    var figures: [String: Double] = [
      "gradients": Double(observation.work.gradientCount),
      "honest": Double(observation.work.honestGradientCount),
      "acting": Double(observation.isActing.count { $0 }),
      "weights": observation.weights.reduce(0, +), "far": far,
    ]
    if let triggered = observation.evaluation?.triggered {
      figures["backdoors"] = Double(triggered.count)
      figures["hits"] = Double(triggered.values.reduce(0) { $0 + $1.hits })
    }
    return figures
  }

  mutating func finish() -> [String: Double] { ["far": far] }
}

/// Notes what it is told, and wants all rows.
private final class Watcher: TrialObserver {
  struct Entry: Hashable, Sendable {
    let key: String
    let round: Int
    let rows: [Float]
    let rootUpdate: [Float]?
    let aggregate: [Float]?
    let backdoors: Set<Backdoor>
    let work: RoundWork
    var order: String { key + String(1_000 + round) }
  }

  let log = Log<Entry>()
  func wantsRows(of round: Int, in _: ObservedTrial) -> Bool { round != 1 }
  func wantsModel(of _: ObservedTrial) -> Bool { false }
  func finish(with _: TrainedModel, in _: ObservedTrial) {}

  func observe(_ round: RoundObservation, _ rows: ReceivedRows?, in trial: ObservedTrial) {
    log.note(
      Entry(
        key: trial.trial.cell + String(trial.trial.seed), round: round.round,
        rows: rows?.updates.values ?? [], rootUpdate: rows?.rootUpdate,
        aggregate: round.aggregate,
        backdoors: Set(round.evaluation.map { Array($0.triggered.keys) } ?? []),
        work: round.work))
  }
}
