import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@testable import Simulation

/// Several attacks at once by different clients.
@Suite struct AttackGroupsTests {
  private func bench(_ overrides: [String] = []) throws -> TrialBench {
    try TrialBench(
      ["clients.count=8", "threat.malicious={count: 3}", "threat.placement=random"] + overrides)
  }

  /// The row of a client.
  private func row(_ client: ClientID, _ observation: RoundObservation) throws -> [Float] {
    observation.updates.row(try #require(observation.clients.firstIndex(of: client)))
  }

  @Test func `each attack crafts the rows of its clients`() throws {
    let bench = try bench()
    let controlled = bench.controlled
    var clean = bench.loop()
    var loop = bench.loop(
      attacks: bench.groups([("low", 1, FixedRow(7)), ("high", 2, FixedRow(9))]))
    let (one, other) = (try loop.advance(), try clean.advance())
    #expect(try row(controlled[0], one).allSatisfy { $0 == 7 })
    for client in controlled.dropFirst() {
      #expect(try row(client, one).allSatisfy { $0 == 9 })
    }
    for client in one.clients where !controlled.contains(client) {
      #expect(try row(client, one) == row(client, other))
    }
    #expect(
      loop.resolved == [
        "low.share": 1.0 / 8, "low.sees": -1, "high.share": 2.0 / 8, "high.sees": -1,
      ])
    #expect(one.isControlled.count { $0 } == 3 && one.isActing == one.isControlled)
  }

  @Test func `a group of all attackers is the attack itself, to the bit`() throws {
    let bench = try bench(["clients.participation=0.7", "rounds=5"])
    let attacks: [() -> any Attack] = [
      { FixedRow(3) }, { Spy() }, { Curious() }, { Noise() }, { Wanderer() },
      { Noise(isRowByRow: true) }, { Spy(knowledge: .defense) },
    ]
    for attack in attacks {
      var plain = bench.loop(attack: attack())
      var grouped = bench.loop(attacks: bench.groups([("all", 3, attack())]), width: 3)
      for _ in 0..<5 {
        let (a, b) = (try plain.advance(), try grouped.advance())
        #expect(a.updates == b.updates && a.evaluation == b.evaluation)
      }
      #expect(plain.global == grouped.global)
      let figures = plain.resolved.map {
        ($0.key == "rehearsed" ? $0.key : "all." + $0.key, $0.value)
      }
      #expect(grouped.resolved == Dictionary(uniqueKeysWithValues: figures))
    }
  }

  @Test func `data and training are those of the client's own attack`() throws {
    let bench = try bench()
    let spies = [Spy(), Spy(surface: .update), Spy()]
    var loop = bench.loop(
      attacks: bench.groups(spies.enumerated().map { ("\($0.offset)", 1, $0.element) }))
    for _ in 0..<2 { _ = try loop.advance() }
    for (place, spy) in spies.enumerated() {
      let own = bench.controlled[place]
      #expect(spy.poisoned.entries == (place == 1 ? [] : [own]))
      #expect(spy.trained.entries.map(\.client) == [own, own])
      #expect(spy.views.entries.map(\.clients) == [[own], [own]])
      #expect(spy.views.entries.allSatisfy { $0.weightShare == 1.0 / 8 })
    }
  }

  @Test func `a setup of some attackers has their data alone`() throws {
    let bench = try bench()
    let setups = ComponentSetups(scenario: bench.scenario, task: bench.task)
    let own = [bench.controlled[0], bench.controlled[2]]
    let setup = setups.attack(seed: 1, data: bench.data).limited(to: own)
    #expect(setup.controlled == own)
    #expect(setup.shards.map(\.inputs) == own.map { bench.data.shards[$0.index].inputs })
    #expect(setups.attack(seed: 1, data: nil).limited(to: own).shards.isEmpty)
    #expect(setup.participantCount == 8)
  }

  @Test func `an attack sees neither what another one sends nor its clients as honest`() throws {
    let bench = try bench()
    var clean = bench.loop()
    let trained = try clean.advance()
    for first in [Noise(), Noise(isRowByRow: true)] {
      let spies = [
        Spy(surface: .update, knowledge: .honestUpdates),
        Spy(surface: .update, knowledge: .ownClients),
      ]
      var loop = bench.loop(
        attacks: bench.groups([("noise", 1, first), ("a", 1, spies[0]), ("b", 1, spies[1])]))
      let observation = try loop.advance()
      let view = try #require(spies[0].views.entries.first)
      let honest = try #require(view.honest)
      #expect(honest.clients == observation.clients.filter { !bench.controlled.contains($0) })
      #expect(view.clients == [bench.controlled[1]])
      for row in observation.clients.indices {
        #expect(honest.all.row(row) == trained.updates.row(row))
      }
      #expect(spies[1].views.entries.first?.honest == nil)
      #expect(try row(bench.controlled[0], observation) != row(bench.controlled[0], trained))
    }
  }

  @Test func `a rehearsal has the rows that the others trained`() throws {
    let bench = try bench()
    var clean = bench.loop()
    let trained = try clean.advance()
    let rehearser = Rehearser()
    var loop = bench.loop(
      attacks: bench.groups([("first", 2, FixedRow(50)), ("rehearser", 1, rehearser)]))
    _ = try loop.advance()
    let own = try #require(trained.clients.firstIndex(of: bench.controlled[2]))
    let rows = trained.clients.indices.filter { $0 != own }.map { trained.updates.row($0) }
    let expected = rows[0].indices.map { column in
      Float(rows.reduce(0.0) { $0 + Double($1[column]) / 8 })
    }
    let answer = try #require(rehearser.answers.entries.first)
    #expect(zip(answer, expected).allSatisfy { abs($0 - $1) <= 1e-6 })
    #expect(loop.resolved["rehearsed"] == 1)
  }

  @Test func `attacks draw independently of each other`() throws {
    let bench = try bench()
    let controlled = bench.controlled
    var alone = bench.loop(attacks: bench.groups([("a", 1, Noise())]))
    var both = bench.loop(attacks: bench.groups([("a", 1, Noise()), ("b", 2, Noise())]))
    let (one, two) = (try alone.advance(), try both.advance())
    #expect(try row(controlled[0], one) == row(controlled[0], two))
    #expect(try row(controlled[0], two) != row(controlled[1], two))
  }

  @Test func `an attack is told whether its own clients act`() throws {
    let bench = try bench(["clients.participation=0.4", "rounds=9", "threat.window={stop: 8}"])
    let spies = [Spy(), Spy()]
    var loop = bench.loop(attacks: bench.groups([("a", 1, spies[0]), ("b", 2, spies[1])]))
    var present: [[Bool]] = [[], []]
    for round in 0..<9 {
      let clients = try loop.advance().clients
      let own = [bench.controlled.prefix(1), bench.controlled.dropFirst()]
      for place in 0..<2 {
        present[place].append(round < 8 && own[place].contains { clients.contains($0) })
      }
    }
    for (spy, present) in zip(spies, present) {
      #expect(spy.observed.entries.map(\.round) == Array(0..<9))
      #expect(spy.observed.entries.map(\.isActing) == present)
    }
    #expect(present[0] != present[1])
  }

  @Test func `the first backdoor is the goal, the others are measured besides`() throws {
    func backdoor(_ target: Int) -> Wanderer { Wanderer(target: target) }
    let bench = try bench()
    let attacks = bench.groups([
      ("noise", 1, Noise()), ("one", 1, backdoor(1)), ("two", 1, backdoor(2)),
    ])
    let own = [backdoor(1).backdoor.owned(by: "one"), backdoor(2).backdoor.owned(by: "two")]
    #expect(attacks.goal == .backdoor(own[0]))
    #expect(attacks.evaluated.map(\.figure) == ["one.asr", "two.asr"])
    #expect(attacks.evaluated.map(\.backdoor) == own)
    #expect(attacks.threatModel.surface == [.data, .update])
    #expect(bench.groups([("noise", 3, Noise())]).goal == .degrade)
    // Both triggers change with the round.
    var loop = bench.loop(attacks: attacks, backdoors: own)
    for _ in 0..<3 { _ = try loop.advance() }
    #expect(loop.attacks.roundTriggers.map(\.trigger.positions) == [[2], [2]])
    #expect(loop.attacks.roundTrigger?.positions == [2])
  }

  @Test func `triggers that start alike and change are measured each for itself`() throws {
    let bench = try bench()
    let attacks = bench.groups([("one", 1, Wanderer()), ("two", 2, Wanderer())])
    let backdoors = attacks.evaluated.map(\.backdoor)
    #expect(Set(backdoors).count == 2)
    #expect(attacks.roundTriggers.map(\.backdoor) == backdoors)
    #expect(attacks.goal == .backdoor(backdoors[0]))
  }

  @Test(arguments: [2, 5]) func `threads change nothing`(width: Int) throws {
    let bench = try bench()
    func loop(_ width: Int) -> RoundLoop {
      bench.loop(
        attacks: bench.groups([
          ("noise", 1, Noise(isRowByRow: true)), ("spy", 1, Spy(knowledge: .defense)),
          ("wanderer", 1, Wanderer()),
        ]), width: width)
    }
    var (one, other) = (loop(1), loop(width))
    for _ in 0..<4 {
      let (a, b) = (try one.advance(), try other.advance())
      #expect(a.updates == b.updates)
    }
    #expect(one.global == other.global && one.resolved == other.resolved)
  }
}

/// Sends noise.
private struct Noise: Attack {
  static let manifest = Honest.manifest
  static let tier = ThreatTier.ownKnowledge
  /// Draws nothing then: rows are turned around.
  var craftsRowByRow = false

  init(_: Arguments, setup _: AttackSetup) {}
  init(isRowByRow: Bool = false) { craftsRowByRow = isRowByRow }
  var threatModel: ThreatModel { ThreatModel(surface: .update) }

  mutating func craft(
    _ rows: inout Matrix<Float>, _: AttackerView, random: inout RandomStream
  ) -> [String: Double] {
    for row in 0..<rows.rowCount {
      if craftsRowByRow {
        rows.scaleRow(row, by: -3)
      } else {
        let noise = (0..<rows.columnCount).map { _ in Float(random.normal()) }
        rows.setRow(row, to: noise.span)
      }
    }
    return ["norm": 1]
  }
}

/// Asks what the defense would make of zeros, and sends them.
private struct Rehearser: Attack {
  static let manifest = Honest.manifest
  static let tier = ThreatTier.omniscient
  let answers = Log<[Float]>()

  init(_: Arguments, setup _: AttackSetup) {}
  init() {}
  var threatModel: ThreatModel { ThreatModel(surface: .update, knowledge: .defense) }

  mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    for row in 0..<rows.rowCount { rows.scaleRow(row, by: 0) }
    var probe = view.probe
    if let response = probe?.respond(to: rows) { answers.note(response.update) }
    return [:]
  }
}
