import Components
import Datasets
import Determinism
import Federation
import Results
import Tensors
import Testing
import Training

@testable import Simulation

/// Trains as many times as long as honest clients, and computes something besides.
private struct Busy: Attack {
  static let tier = ThreatTier.ownKnowledge
  static let manifest = ComponentManifest(id: "busy", summary: "")
  var passes = 1
  var extra = 0
  var rehearsals = 0
  private(set) var gradientCount = 0
  let crafted = Log<(round: Int, clients: [ClientID], participants: Int, honest: Int)>()

  init(_: Arguments, setup _: AttackSetup) {}
  init(passes: Int = 1, extra: Int = 0, rehearsals: Int = 0) {
    self.passes = passes
    self.extra = extra
    self.rehearsals = rehearsals
  }

  var threatModel: ThreatModel {
    ThreatModel(
      surface: [.training, .update], knowledge: rehearsals > 0 ? .defense : .honestUpdates)
  }

  mutating func observe(_ broadcast: Broadcast) {
    if broadcast.isActing { gradientCount += extra }
  }

  func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    var schedule = job.schedule
    schedule.length = .epochs(passes)
    job.train(with: &trainer, schedule: schedule, random: &random)
  }

  mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    #expect(rows.rowCount == view.clients.count)
    crafted.note((view.round, view.clients, view.participantCount, view.honest?.rows.count ?? -1))
    var probe = view.probe
    for _ in 0..<rehearsals { _ = probe?.respond(to: rows) }
    return [:]
  }
}

/// Clients that do not answer.
@Suite struct DropoutTests {
  private func sampling(_ overrides: [String], seed: UInt64 = 1) throws -> ClientSampling {
    let scenario = try ScenarioText.scenario(["clients.count=10", "rounds=40"] + overrides)
    return ClientSampling(
      clients: scenario.clients, threat: scenario.threat, seed: SeedPath(root: seed))
  }

  private func answers(_ sampling: ClientSampling) -> [[Bool]] {
    (0..<40).map { round in (0..<10).map { sampling.answers(ClientID($0), round: round) } }
  }

  @Test func `each client and round draws from a stream of its own`() throws {
    let sampling = try sampling(["clients.dropout=0.3"])
    let drawn = answers(sampling)
    for round in 0..<40 {
      for client in 0..<10 {
        var random = SeedPath(root: 1).child("dropout").child(client).child(round).stream()
        #expect(drawn[round][client] == (random.unit() >= 0.3))
      }
      let there = sampling.chosen(round: round).filter { drawn[round][$0.index] }
      #expect(sampling.participants(round: round) == there)
    }
    #expect((60...180).contains(drawn.joined().count { !$0 }))
    #expect(try answers(self.sampling(["clients.dropout=0.3"], seed: 2)) != drawn)
  }

  @Test func `who answers depends on nothing else, and a larger share silences more`() throws {
    let some = try answers(sampling(["clients.dropout=0.3"]))
    #expect(
      try answers(
        sampling([
          "clients.dropout=0.3", "clients.participation=0.5",
          "threat={malicious: {count: 3}, participation: always}",
        ])) == some)
    let more = try answers(sampling(["clients.dropout=0.6"]))
    #expect(zip(some.joined(), more.joined()).allSatisfy { $0 || !$1 })
    #expect(try answers(sampling(["clients.dropout=0"])).joined().allSatisfy { $0 })
  }

  @Test func `the clean twin loses the same clients`() throws {
    let bench = try TrialBench(["clients.dropout=0.4", "rounds=12"])
    var (attacked, clean) = (bench.loop(attack: FixedRow(5)), bench.loop())
    var sizes: Set<Int> = []
    for _ in 0..<12 {
      let (a, b) = (try attacked.advance(), try clean.advance())
      #expect(a.clients == b.clients && a.silentCount == b.silentCount)
      #expect(a.clients.count + a.silentCount == 6)
      #expect(a.updates.rowCount == a.clients.count && a.late.isEmpty)
      #expect(a.verdicts.count == a.clients.count)
      sizes.insert(a.clients.count)
    }
    #expect(sizes.count > 2)
  }

  @Test(arguments: ["0", "0.5"])
  func `when nobody answers the model stays`(momentum: String) throws {
    let bench = try TrialBench(["clients.dropout=0.999999", "server.momentum=\(momentum)"])
    var loop = bench.loop(attack: FixedRow(5))
    let before = loop.global
    for _ in 0..<3 {
      let observation = try loop.advance()
      #expect(observation.clients.isEmpty && observation.silentCount == 6)
      #expect(observation.aggregate == nil && observation.evaluation != nil)
    }
    #expect(loop.global == before)
  }

  @Test func `fewer attackers craft, and weights are those of the rows that came`() throws {
    let bench = try TrialBench(["clients.dropout=0.5", "threat.malicious.count=4", "rounds=20"])
    let (attack, rule) = (Busy(), Constant(0))
    var loop = bench.loop(attack: attack, rule: rule)
    var counts: Set<Int> = []
    for round in 0..<20 {
      let observation = try loop.advance()
      let acting = zip(observation.clients, observation.isActing).filter(\.1).map(\.0)
      counts.insert(acting.count)
      guard !acting.isEmpty else { continue }
      let craft = try #require(attack.crafted.entries.last)
      #expect(craft.round == round && craft.clients == acting)
      #expect(craft.participants == observation.clients.count)
      #expect(craft.honest == observation.clients.count - acting.count)
    }
    #expect(counts.count > 3)
    #expect(rule.log.entries.allSatisfy { abs($0.weights.reduce(0, +) - 1) < 1e-12 })
  }

  @Test func `an attack that nobody may answer for is noted`() throws {
    let text = ScenarioText.replacing(("rounds: 4", "rounds: 1"))
    func notes(_ dropout: String) throws -> [String] {
      try Plan(
        try ScenarioText.read(text, ["clients.dropout=\(dropout)"]), catalog: .test
      ).notes.filter { $0.contains("no attacker acts") }
    }
    #expect(try notes("0.999999").count == 1)
    #expect(try notes("0").isEmpty)
  }
}

/// Updates that come too late.
@Suite struct DeadlineTests {
  private static let skewed = "clients.partition={kind: quantity-skew, alpha: 1}"

  private func attendance(_ costs: [Int], factor: Double?) throws -> (kept: [Int], late: [Int]) {
    let clients = costs.indices.map { ClientID($0) }
    var attendance = Attendance(
      clients: clients, isActing: costs.map { _ in false }, silentCount: 0)
    attendance.note(
      costs, besides: [0], of: AttackGroups(AttackPipeline(Honest()), of: []), deadline: factor)
    let rows = attendance.removeLate()
    #expect(rows.sorted() == attendance.late.map(\.index))
    return (attendance.clients.map(\.index), attendance.late.map(\.index))
  }

  private static let medians: [(costs: [Int], factor: Double, late: [Int])] = [
    ([10, 10, 10, 10], 1.0, []), ([10, 20, 30], 1, [2]), ([10, 20, 30, 40], 1, [2, 3]),
    ([10, 20, 30, 50], 2, []), ([10, 20, 30, 51], 2, [3]), ([40, 10, 10, 10], 3.9, [0]),
    ([40, 10, 10, 10], 4, []), ([7], 1, []), ([0, 0, 5], 1_000_000, [2]), ([], 2, []),
    ([1, 1_000_000], 1, [1]),
  ]

  @Test(arguments: medians)
  func `late is what took more than k times the median`(costs: [Int], factor: Double, late: [Int])
    throws
  {
    let outcome = try attendance(costs, factor: factor)
    #expect(outcome.late == late)
    #expect(outcome.kept == costs.indices.filter { !late.contains($0) })
    #expect(try attendance(costs, factor: nil).late.isEmpty)
  }

  @Test(arguments: [1.0, 1.5, 3]) func `honest clients with many examples are late`(factor: Double)
    throws
  {
    let bench = try TrialBench([Self.skewed, "clients.deadline=\(factor)"])
    let counts = bench.data.shards.map { Double($0.count) }
    let sorted = counts.sorted()
    let limit = factor * (sorted[2] + sorted[3]) / 2
    let expected = counts.indices.filter { counts[$0] > limit }
    let rule = Constant(1)
    var loop = bench.loop(rule: rule)
    let observation = try loop.advance()
    #expect(observation.late.map(\.index) == expected && (factor > 1 || !expected.isEmpty))
    #expect(observation.clients.count == 6 - expected.count)
    #expect(Set(observation.clients).isDisjoint(with: observation.late))
    #expect(observation.lateActing == observation.late.filter(bench.controlled.contains))
    let entry = try #require(rule.log.entries.first)
    #expect(entry.clients.count == 6 - expected.count)
    #expect(abs(entry.weights.reduce(0, +) - 1) < 1e-12)
  }

  @Test func `rows that are kept are those of their clients`() throws {
    let bench = try TrialBench([Self.skewed])
    let strict = try TrialBench([Self.skewed, "clients.deadline=1"])
    let (all, some) = (try bench.loop().first(), try strict.loop().first())
    #expect(!some.late.isEmpty)
    for (row, client) in some.clients.enumerated() {
      let place = try #require(all.clients.firstIndex(of: client))
      #expect(some.updates.row(row) == all.updates.row(place))
    }
  }

  @Test func `an attacker that trains three times as long is late below three`() throws {
    for (factor, isLate) in [(1.0, true), (2.9, true), (3, false)] {
      let bench = try TrialBench(["clients.deadline=\(factor)"])
      let attack = Busy(passes: 3)
      let observation = try bench.loop(attack: attack).first()
      #expect(observation.late == (isLate ? bench.controlled : []))
      #expect(observation.lateActing == observation.late)
      // Who is late by then does not craft; the work was done all the same.
      #expect(attack.crafted.entries.isEmpty == isLate)
      #expect(observation.work.gradientCount == 60 && observation.work.honestGradientCount == 20)
    }
  }

  @Test func `what an attack computes for all is waited for by each`() throws {
    for (extra, isLate) in [(10, false), (11, true)] {
      let bench = try TrialBench(["clients.deadline=2"])
      let observation = try bench.loop(attack: Busy(extra: extra)).first()
      #expect(observation.late == (isLate ? bench.controlled : []))
    }
  }

  @Test func `rehearsals make late, after the others have been left out`() throws {
    for (factor, isLate) in [(2.7, true), (2.8, false)] {
      let bench = try TrialBench(["clients.deadline=\(factor)"])
      // Three rehearsals of six rows beside ten gradients.
      let attack = Busy(rehearsals: 3)
      let observation = try bench.loop(attack: attack).first()
      #expect(observation.work.rehearsedRowCount == 18)
      #expect(observation.late == (isLate ? bench.controlled : []))
      #expect(attack.crafted.entries.map(\.participants) == [6])
    }
  }

  @Test func `each attack answers for its own work`() throws {
    let bench = try TrialBench(["clients.deadline=2"])
    let groups = bench.groups([("slow", 1, Busy(passes: 3)), ("quick", 1, Busy())])
    let observation = try bench.loop(attacks: groups).first()
    #expect(observation.late == [bench.controlled[0]])
    #expect(
      zip(observation.clients, observation.isActing).filter(\.1).map(\.0)
        == [bench.controlled[1]])
  }

  @Test(arguments: ["fedavg", "fedsgd"])
  func `the bits do not depend on threads`(algorithm: String) throws {
    let bench = try TrialBench([
      Self.skewed, "clients.deadline=1.2", "clients.dropout=0.3", "rounds=8",
      "server.algorithm=\(algorithm)",
    ])
    func models(_ width: Int) throws -> [[UInt32]] {
      var loop = bench.loop(
        attack: algorithm == "fedavg" ? Busy(rehearsals: 1) : FixedRow(0.1), width: width)
      return try (0..<8).map { _ in
        _ = try loop.advance()
        return loop.global.map(\.bitPattern)
      }
    }
    let one = try models(1)
    #expect(Set(one).count > 3)
    #expect(try models(3) == one)
  }

  @Test func `late rows are not what reached the server`() throws {
    let bench = try TrialBench([Self.skewed, "clients.deadline=1"])
    var loop = bench.loop()
    let observation = try loop.advance(keepsRows: true)
    let taken = loop.takeReceived()
    let received = try #require(taken)
    #expect(received.clients == observation.clients)
    #expect(received.updates.rowCount == observation.clients.count)
  }
}

/// How a scenario says it, and where it is told.
@Suite struct AttendanceScenarioTests {
  @Test(arguments: [
    ("clients.dropout=1", "clients.dropout"), ("clients.dropout=-0.1", "clients.dropout"),
    ("clients.deadline=0.9", "clients.deadline"), ("clients.deadline=soon", "clients.deadline"),
  ])
  func `what makes no sense is refused`(override: String, key: String) {
    #expect(ScenarioText.problems(ScenarioText.valid, [override]).contains(key))
  }

  @Test func `defaults change neither keys nor columns`() throws {
    func plan(_ overrides: [String]) throws -> Plan {
      try Plan(try ScenarioText.read(ScenarioText.valid, overrides), catalog: .test)
    }
    let plain = try plan([])
    let written = try plan(["clients={count: 6, dropout: 0, deadline: none}"])
    #expect(plain.trials.map(\.key) == written.trials.map(\.key))
    let metrics = MetricCatalog(meters: [], metrics: [], flags: [])
    #expect(plain.roundsLayout(.test, metrics: metrics).series.isEmpty)
    for override in ["clients.dropout=0.1", "clients.deadline=2"] {
      #expect(
        try plan([override]).roundsLayout(.test, metrics: metrics).series
          == ["participants", "participants.silent", "participants.late", "threat.late"])
    }
    let swept = try ScenarioText.read(
      ScenarioText.valid + "matrix: {clients.deadline: [none, 2]}\n")
    #expect(try Plan(swept, catalog: .test).roundsLayout(.test, metrics: metrics).series.count == 4)
  }
}

extension RoundLoop {
  /// Runs its first round.
  fileprivate consuming func first() throws -> RoundObservation {
    var loop = self
    return try loop.advance()
  }
}
