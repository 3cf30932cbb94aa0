import Components
import Datasets
import Determinism
import Diagnostics
import Federation
import Results
import Synchronization
import Tensors
import Testing
import Training

@testable import Simulation

/// Trials whose clients a trainer in another process has.
@Suite struct TrainerTaskTests {
  private static let text = """
    schema: gauntlet/scenario/1
    name: elsewhere
    seeds: [1, 2]
    rounds: 4
    task: {exec: [program, --quick], params: {depth: 2}, local: {batch: 8, lr: 0.1}}
    clients: {count: 6}
    threat: {malicious: {count: 2}, window: {start: 1, stop: 3}}
    attacks: [none, {id: push, use: fixed-row, value: 2}, relabel]
    defenses: [mean, {id: strict, f: 1}]

    """

  private func plan(
    _ host: FakeHost?, _ overrides: [(key: String, value: String)] = []
  ) throws(DocumentError) -> Plan {
    var catalog = Catalog.test.adding(
      attacks: [AttackEntry(Relabel.self), AttackEntry(Silent.self), AttackEntry(Tuned.self)],
      aggregators: [AggregatorEntry(ModelReader.self)])
    catalog.trainers = host
    return try Plan(
      try ScenarioFile(text: Self.text, path: "t.yaml", catalog: catalog, overrides: overrides),
      catalog: catalog)
  }

  private func run(
    _ plan: Plan, jobs: Int = 1, stop: StopSignal = StopSignal(),
    onProgress: @escaping @Sendable (Runner.Progress) -> Void = { _ in }
  ) throws -> (records: [TrialRecordV1], summary: Runner.Summary) {
    let log = Log<FinishedTrial>()
    let summary = try Runner(plan: plan, metrics: .test, jobs: jobs)
      .run(stop: stop, onProgress: onProgress, onTrial: { log.note($0) })
    return (log.entries.map(\.record), summary)
  }

  @Test func `records have the same bits for any number of jobs`() throws {
    let host = FakeHost()
    let plan = try plan(host)
    let one = try run(plan)
    #expect(one.records.count == 12 && one.records.allSatisfy { $0.status == .ok })
    #expect(host.startedCount == 1 && host.running == 0)
    for jobs in [2, 5] { #expect(try run(plan, jobs: jobs).records == one.records) }
    #expect(host.running == 0)
  }

  @Test func `what trains sees seeds of its own, the same with and without an attack`() throws {
    let host = FakeHost()
    _ = try run(try plan(host, [("seeds", "[3]"), ("defenses", "[mean]")]))
    let rounds = host.trained.entries
    #expect(rounds.map(\.round.round) == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3])
    #expect(Set(rounds.map(\.seed)).count == 1 && rounds[0].seed != 3)
    for round in 0..<4 {
      let same = rounds.filter { $0.round.round == round }
      let seeds = same.map {
        Dictionary(uniqueKeysWithValues: zip($0.round.clients, $0.round.seeds))
      }
      #expect(seeds[0] == seeds[1] && seeds[1] == seeds[2])
    }
    #expect(Set(rounds.prefix(4).flatMap(\.round.seeds)).count == 24)
    #expect(rounds.flatMap(\.round.seeds).allSatisfy { $0 < 1 << 63 })
    // Other data for another seed, other ones for a fixed seed of the data not.
    _ = try run(try plan(host, [("seeds", "[4]"), ("fixed-seeds.data", "3")]))
    #expect(host.begun.entries.last?.setup.seed == rounds[0].seed)
  }

  @Test func `poison is asked for where a client acts, and stays the same`() throws {
    let host = FakeHost()
    _ = try run(
      try plan(host, [("seeds", "[3]"), ("attacks", "[relabel]"), ("defenses", "[mean]")]))
    let attacked = host.trained.entries.suffix(4)
    for entry in attacked {
      let poisoned = zip(entry.round.clients, entry.round.poisons).filter { $0.1 != nil }
      // The last clients are the attackers.
      #expect(Set(poisoned.map(\.0)) == ((1..<3).contains(entry.round.round) ? [4, 5] : []))
      #expect(poisoned.allSatisfy { $0.1?.request == .labelFlip(.reverse) })
    }
    let seeds = attacked.flatMap { zip($0.round.clients, $0.round.poisons) }
      .filter { $0.0 == 5 }.compactMap { $0.1?.seed }
    #expect(seeds.count == 2 && Set(seeds).count == 1)
  }

  @Test func `a process that fails is replaced once, and the trial is played again`() throws {
    let well = FakeHost()
    let expected = try run(try plan(well)).records
    for round in [0, 2, 3] {
      let host = FakeHost(mishap: .ends(process: 1, round: round))
      let told = Log<Int>()
      let result = try run(try plan(host)) { told.note($0.finishedRounds) }
      #expect(result.records == expected)
      #expect(host.startedCount == 2 && host.running == 0)
      #expect(told.entries.last == 48)
    }
  }

  @Test func `a second failure is an error, and the others go on`() throws {
    let host = FakeHost(mishap: .alwaysEnds(round: 2))
    let result = try run(try plan(host, [("defenses", "[mean]"), ("seeds", "[1]")]))
    #expect(result.records.map(\.status) == [.error, .error, .error])
    #expect(result.records[0].message == "the trainer: it is gone; it was the second try")
    #expect(host.startedCount == 6 && host.running == 0)
  }

  @Test func `what a program says itself is not tried again`() throws {
    let host = FakeHost(mishap: .givesUp(round: 1))
    let result = try run(try plan(host, [("defenses", "[mean]"), ("seeds", "[1]")]))
    #expect(
      result.records.map(\.message) == .init(repeating: "the trainer: no more of this", count: 3))
    #expect(host.trained.entries.count == 6)
  }

  @Test func `no more processes than a task allows`() throws {
    let host = FakeHost()
    let plan = try plan(host, [("task.workers", "1")])
    #expect(try run(plan, jobs: 5).records == (try run(plan)).records)
    #expect(host.mostRunning == 1)
    let free = FakeHost()
    _ = try run(try self.plan(free), jobs: 5)
    #expect(free.mostRunning >= 1)
  }

  @Test func `a stop ends the run and its processes`() throws {
    let host = FakeHost()
    let stop = StopSignal()
    let result = try run(try plan(host), jobs: 2, stop: stop) { _ in stop.stop() }
    #expect(result.summary.isStopped && host.running == 0)
  }

  // MARK: - Plans

  @Test func `a program identifies a trial, with what it is told`() throws {
    func keys(_ host: FakeHost, _ overrides: [(key: String, value: String)] = []) throws -> [String]
    {
      try plan(host, overrides).trials.map(\.key)
    }
    let base = try keys(FakeHost())
    #expect(try keys(FakeHost()) == base)
    #expect(try keys(FakeHost(), [("task.timeout", "5"), ("task.workers", "1")]) == base)
    for other in [
      try keys(FakeHost(identity: "5678")), try keys(FakeHost(), [("task.params.depth", "3")]),
      try keys(FakeHost(), [("task.local.lr", "0.2")]),
    ] {
      #expect(Set(other).isDisjoint(with: base))
    }
    let host = FakeHost()
    _ = try plan(host, [("task.params.depth", "{a: [1, 2.5, x, null, true]}")])
    #expect(host.described.entries.map(\.parameters) == [#"{"depth":{"a":[1,2.5,"x",null,true]}}"#])
    #expect(host.described.entries.map(\.words) == [["program", "--quick"]])
  }

  @Test func `one question for all combinations with the same program`() throws {
    let host = FakeHost()
    _ = try plan(host, [("matrix", "{threat.malicious: [0.1, 0.2], task.params.depth: [1, 2]}")])
    #expect(host.described.entries.count == 2)
  }

  @Test func `what needs data or model is not applicable, with the reason`() throws {
    let plan = try plan(
      FakeHost(poisons: ["backdoor"]),
      [
        ("attacks", "[push, relabel, silent, tuned]".replacing("push", with: "fixed-row")),
        ("defenses", "[mean, model-reader]"), ("seeds", "[1]"),
      ])
    var reasons: [String: String] = [:]
    for trial in plan.trials {
      if case .notApplicable(let reason) = trial.feasibility { reasons[trial.cell] = reason }
    }
    let name = "the program of task.exec, 'fake',"
    #expect(
      reasons["relabel/mean"]
        == "relabel needs the poison 'label-flip', which \(name) does not offer")
    #expect(
      reasons["silent/mean"]
        == "silent changes examples in a way that cannot be asked of a program, and \(name) has them"
    )
    #expect(
      reasons["tuned/mean"] == "tuned trains in a way of its own, which \(name) does not do")
    #expect(
      reasons["fixed-row/model-reader"]
        == "model-reader: needs the model itself, which \(name) has")
    #expect(reasons["fixed-row/mean"] == nil)
  }

  @Test func `everything that does not go with a program is reported at once`() throws {
    let text = """
      schema: gauntlet/scenario/1
      name: elsewhere
      rounds: 4
      task:
        exec: [program]
        dataset: digits
        init: x.npz
        memory: lots
        params: [1]
        local: {batch: 8, lr: 0.1}
      clients: {count: 6, partition: iid}
      server: {algorithm: fedsgd}
      threat: {malicious: 0.4, auxiliary: {class: 1}}
      defense-knows: {root-samples: 5}
      attacks: [none]
      defenses: [mean]

      """
    let problems = ScenarioText.problems(text)
    for expected in [
      "t.yaml:6:12: task.dataset: with task.exec a program has data and model itself; leave it out",
      "t.yaml:7:9: task.init: with task.exec a program has data and model itself; leave it out",
      "t.yaml:8:11: task.memory is 'lots'; give an amount of memory of at least 1 MiB, such as 8GiB",
      "t.yaml:9:11: task.params has to be a mapping, not a list",
      "clients.partition: the program of task.exec deals its examples itself; leave it out",
      "server.algorithm 'fedsgd' does not go with task.exec, whose clients train by themselves",
      "threat.auxiliary: the program of task.exec takes no examples; leave it out",
      "defense-knows.root-samples: the program of task.exec gives no examples away; leave it out",
    ] {
      #expect(problems.contains(expected), "\(problems)")
    }
    #expect(
      ScenarioText.problems(ScenarioText.replacing(("  dataset:", "  workers: 2\n  dataset:")))
        .contains("task.workers is used with task.exec alone; leave it out"))
  }

  @Test(arguments: [
    (6, "", "this program starts no others"),
    (5, "", "'fake' has 5 clients; clients.count is 6"),
    (
      6, "backdoor",
      "threat.backdoor has a trigger, and 'fake' does not say the shape of its inputs"
    ),
  ])
  func `a program that does not fit is refused`(clients: Int, key: String, problem: String) {
    let host = problem.hasPrefix("this") ? nil : FakeHost(shape: nil, clients: clients)
    let overrides =
      key.isEmpty ? [] : [("threat.backdoor", "{trigger: square, size: 1, target: 0}")]
    #expect {
      _ = try plan(host, overrides)
    } throws: { "\($0)".contains("task.exec: " + problem) }
  }

  @Test func `a backdoor is measured where its trigger can be told`() throws {
    let record = try run(
      try plan(
        FakeHost(),
        [
          ("threat.backdoor", "{trigger: square, size: 2, target: 0}"), ("attacks", "[none]"),
          ("defenses", "[mean]"), ("seeds", "[1]"),
        ])
    ).records[0]
    #expect(record.metrics["backdoor"] == .some(20))
  }
}

/// Asks for reversed labels.
private struct Relabel: Attack {
  static let tier = ThreatTier.dataOnly
  static let manifest = ComponentManifest(id: "relabel", summary: "", formula: "", parameters: [])
  init(_: Arguments, setup _: AttackSetup) {}
  var threatModel: ThreatModel { ThreatModel(surface: .data) }
  func poisonRequest(of _: ClientID) -> PoisonRequest? { .labelFlip(.reverse) }
}

/// Changes data, and does not say how.
private struct Silent: Attack {
  static let tier = ThreatTier.dataOnly
  static let manifest = ComponentManifest(id: "silent", summary: "", formula: "", parameters: [])
  init(_: Arguments, setup _: AttackSetup) {}
  var threatModel: ThreatModel { ThreatModel(surface: .data) }
}

/// Trains in a way of its own.
private struct Tuned: Attack {
  static let tier = ThreatTier.ownKnowledge
  static let manifest = ComponentManifest(id: "tuned", summary: "", formula: "", parameters: [])
  init(_: Arguments, setup _: AttackSetup) {}
  var threatModel: ThreatModel { ThreatModel(surface: .training) }
}

/// Cannot be made without a model.
private struct ModelReader: Aggregator {
  static let manifest = ComponentManifest(
    id: "model-reader", summary: "", formula: "", parameters: [])
  static let needs: DefenseNeeds = .model
  private var mean: PlainMean

  init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    guard setup.model != nil else {
      throw ConfigurationError(.invalid(component: "model-reader", reason: "no model"))
    }
    mean = PlainMean(arguments, setup: setup)
  }

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation { try mean.aggregate(updates, in: round) }
}
