import Determinism
import Federation
import Results
import Testing

@testable import Simulation

/// Scenarios in which different attackers make different attacks.
@Suite struct GroupScenarioTests {
  private static let mixed =
    "{id: mixed, groups: [{share: 0.5, attack: {use: fixed-row, value: 2}}, "
    + "{share: 0.5, attack: {use: marker, target: 1}}]}"

  private func plan(_ attack: String, _ overrides: [String] = []) throws -> Plan {
    try Plan(
      try ScenarioText.read(
        ScenarioText.valid, ["attacks=[none, \(attack)]", "defenses=[mean]"] + overrides),
      catalog: .test)
  }

  private func last(_ attack: String, _ overrides: [String] = []) throws -> PlannedTrial {
    try #require(try plan(attack, overrides).trials.last)
  }

  /// A group that sends one value.
  private func group(_ value: Int, _ more: String = "") -> String {
    "{\(more)attack: {id: p\(value), use: fixed-row, value: \(value)}}"
  }

  private func problems(_ attack: String, _ overrides: [String] = []) -> String {
    ScenarioText.problems(
      ScenarioText.replacing(("{id: push, use: fixed-row, value: 2}", attack)), overrides,
      plans: true)
  }

  private func run(_ plan: Plan, jobs: Int = 1, perTrial: Int = 1) throws -> [TrialRecordV1] {
    let log = Log<TrialRecordV1>()
    _ = try Runner(plan: plan, metrics: .test, jobs: jobs, threadsPerTrial: perTrial)
      .run(stop: StopSignal(), onProgress: { _ in }, onTrial: { log.note($0.record) })
    return log.entries
  }

  // MARK: - Sizes

  @Test(arguments: [
    ([0.5, 0.5], 2, [1, 1]), ([0.5, 0.5], 3, [2, 1]), ([0.5, 0.3, 0.2], 10, [5, 3, 2]),
    ([0.5, 0.3, 0.2], 4, [2, 1, 1]), ([0.29, 0.71], 100, [29, 71]), ([0.1, 0.9], 1, [0, 1]),
    ([0.4, 0.4, 0.2], 1, [1, 0, 0]), ([0.2, 0.4, 0.4], 2, [0, 1, 1]), ([1], 7, [7]),
    ([0.3333333333, 0.3333333333, 0.3333333334], 5, [2, 2, 1]), ([0.5, 0.5], 0, [0, 0]),
  ])
  func `attackers are dealt by the largest remainder`(
    shares: [Double], count: Int, sizes: [Int]
  ) {
    #expect(GroupSizes.sizes(shares, of: count) == sizes)
    #expect(GroupSizes.problem(shares) == nil)
  }

  @Test func `the first group has the first controlled clients`() throws {
    let trial = try last(Self.mixed, ["clients.count=12", "threat.malicious.count=5"])
    let hands = trial.attackChoice.hands(of: [2, 3, 5, 7, 11].map { ClientID($0) })
    #expect(hands == [[2, 3, 5], [7, 11]].map { $0.map { ClientID($0) } })
  }

  // MARK: - Identity

  @Test func `shares may stand in threat groups, by name or in order`() throws {
    let own =
      "{id: mixed, groups: [\(group(2, "share: 0.5, ")), \(group(3, "share: 0.5, "))]}"
    let key = try last(own).key
    let halves = "threat.groups=[{name: a, share: 0.5}, {name: b, share: 0.5}]"
    let inOrder = "{id: other, groups: [\(group(2)), \(group(3))]}"
    #expect(try last(inOrder, [halves]).key == key)
    let named = "{id: other, groups: [\(group(2, "name: b, ")), \(group(3, "name: a, "))]}"
    #expect(try last(named, [halves]).key == key)
    let byID = "{id: other, groups: [\(group(2)), \(group(3))]}"
    #expect(
      try last(byID, ["threat.groups=[{name: p3, share: 0.5}, {name: p2, share: 0.5}]"]).key == key)
    // A share of its own comes first.
    let over = "{id: other, groups: [\(group(2, "share: 0.5, ")), \(group(3, "share: 0.5, "))]}"
    #expect(
      try last(over, ["threat.groups=[{name: a, share: 0.9}, {name: b, share: 0.1}]"]).key == key)
    // What nothing refers to changes no key.
    let plain = "{id: push, use: fixed-row, value: 2}"
    #expect(try last(plain, [halves]).key == last(plain).key)
  }

  @Test func `sizes, order, attacks and schedules decide the key, and names do not`() throws {
    let more = ["clients.count=12", "threat.malicious.count=5"]
    func key(_ entry: String, _ overrides: [String] = []) throws -> String {
      try last(entry, more + overrides).key
    }
    func entry(_ a: String, _ b: String, _ more: String = "") -> String {
      "{id: mixed, \(more)groups: [\(a), \(b)]}"
    }
    let base = try key(entry(group(2, "share: 0.6, "), group(3, "share: 0.4, ")))
    let same = [
      entry(group(2, "share: 0.55, "), group(3, "share: 0.45, ")),
      entry(group(2, "name: x, share: 0.6, "), group(3, "share: 0.4, ")),
      "{id: z, cite: why, groups: [\(group(2, "share: 0.6, ")), \(group(3, "share: 0.4, "))]}",
    ]
    for other in same { #expect(try key(other) == base) }
    let others = [
      entry(group(2, "share: 0.4, "), group(3, "share: 0.6, ")),
      entry(group(3, "share: 0.6, "), group(2, "share: 0.4, ")),
      entry(group(2, "share: 0.6, "), group(4, "share: 0.4, ")),
      entry(group(2, "share: 0.6, "), group(3, "share: 0.4, "), "schedule: in-turn, "),
      entry(
        group(2, "share: 0.6, "),
        "{share: 0.4, attack: {use: fixed-row, value: 3, schedule: in-turn}}"),
      "{use: fixed-row, value: 2}",
    ]
    let keys = try [base] + others.map { try key($0) }
    #expect(Set(keys).count == keys.count)
    let resolved = CanonicalJSON.string(
      try plan(entry(group(2, "share: 0.6, "), group(3, "share: 0.4, ")), more).resolved)
    #expect(resolved.contains(#""use":{"groups":[{"attack":{"id":"fixed-row""#), "\(resolved)")
    #expect(resolved.contains(#""clients":3}"#) && resolved.contains(#""clients":2}"#))
  }

  // MARK: - Rounds

  @Test func `a run has both attacks, the same for any number of threads`() throws {
    let plan = try plan(Self.mixed, ["threat.malicious.count=3", "clients.count=9"])
    let records = try run(plan)
    let record = try #require(records.last)
    #expect(record.attack == "mixed" && record.status == .ok)
    #expect(record.resolved["fixed-row.share"] == 2.0 / 9 && record.resolved["attackers"] == 3)
    // The backdoor is the goal, and its group has a figure of it.
    #expect((record.metrics["backdoor"] ?? nil) ?? 0 > 0)
    #expect(record.resolved["marker.asr"] != nil)
    for (jobs, perTrial) in [(2, 1), (2, 2), (5, 5)] {
      #expect(try run(plan, jobs: jobs, perTrial: perTrial) == records)
    }
  }

  @Test func `one group is the attack itself`() throws {
    let one = try run(try plan("{id: all, groups: [\(group(2, "share: 1, "))]}"))
    let plain = try run(try plan("{id: push, use: fixed-row, value: 2}"))
    #expect(one.map(\.parametersSHA256) == plain.map(\.parametersSHA256))
    #expect(one.map(\.metrics) == plain.map(\.metrics))
  }

  @Test func `each group follows its own schedule, else that of the entry`() throws {
    let trial = try last(
      "{id: mixed, schedule: {kind: rounds, rounds: [1]}, groups: [\(group(2, "share: 0.5, ")), "
        + "{share: 0.5, attack: {use: fixed-row, value: 3, schedule: {kind: in-turn, k: 2}}}]}",
      ["clients.count=12", "threat.malicious.count=4"])
    let threat = try ScenarioText.scenario().threat
    let controlled = [1, 4, 6, 8].map { ClientID($0) }
    func acting(_ attack: ResolvedAttack?) -> [[Int]] {
      let roster = AttackRoster(
        controlled: controlled, threat: threat, attack: attack, seed: SeedPath(root: 1))
      return (0..<4).map { round in
        controlled.filter { roster.acts($0, round: round, window: 0..<4) }.map(\.index)
      }
    }
    #expect(acting(trial.attackChoice) == [[6], [1, 4], [8], []])
    #expect(acting(nil) == Array(repeating: [1, 4, 6, 8], count: 4))
  }

  @Test func `groups draw when they act independently of each other`() throws {
    let trial = try last(
      "{id: mixed, schedule: {kind: random, probability: 0.5}, groups: [\(group(2, "share: 0.5, ")), "
        + "\(group(3, "share: 0.5, "))]}", ["clients.count=12", "threat.malicious.count=4"])
    let plain = try last(
      "{use: fixed-row, schedule: {kind: random, probability: 0.5}}")
    let threat = try ScenarioText.scenario().threat
    let controlled = (0..<4).map { ClientID($0) }
    func acting(_ attack: ResolvedAttack) -> [[Bool]] {
      let roster = AttackRoster(
        controlled: controlled, threat: threat, attack: attack, seed: SeedPath(root: 1))
      return (0..<40).map { round in
        controlled.map { roster.acts($0, round: round, window: 0..<40) }
      }
    }
    let rounds = acting(trial.attackChoice)
    #expect(rounds.map { $0[0] } != rounds.map { $0[2] })
    #expect(rounds.map { Array($0[..<2]) } == acting(plain.attackChoice).map { Array($0[..<2]) })
  }

  @Test func `a group that never acts is noted`() throws {
    let notes = try plan(
      "{id: mixed, groups: [\(group(2, "share: 0.5, ")), "
        + "{share: 0.5, attack: {use: fixed-row, schedule: {kind: rounds, rounds: [0]}}}]}",
      ["clients.participation=0.2", "seeds=[1, 2, 3, 4, 5]", "rounds=40"]
    ).notes
    #expect(notes.count == 1)
    #expect(
      notes.first?.hasPrefix("under 'mixed' no attacker of the group 'fixed-row' acts with ")
        == true)
  }

  // MARK: - Matrix

  @Test func `groups and the schedule of an entry can be swept`() throws {
    let entry = "{id: mixed, groups: [\(group(2)), \(group(3))]}"
    let swept = try plan(
      entry,
      [
        "clients.count=12", "threat.malicious.count=4",
        "matrix={threat.groups: [[{name: a, share: 0.5}, {name: b, share: 0.5}], "
          + "[{name: a, share: 0.75}, {name: b, share: 0.25}]], "
          + "attacks.mixed.schedule: [every, in-turn]}",
      ])
    let trials = swept.trials.filter { $0.attack == "mixed" }
    #expect(trials.count == 4 && Set(trials.map(\.key)).count == 4)
    let sizes = trials.map {
      $0.attackChoice.hands(of: (0..<4).map { ClientID($0) }).map(\.count)
    }
    #expect(sizes == [[2, 2], [2, 2], [3, 1], [3, 1]])
    let text = ScenarioText.problems(
      ScenarioText.valid,
      ["attacks=[none, \(Self.mixed)]", "matrix={attacks.mixed.value: [1, 2]}"])
    #expect(text.contains("matrix.attacks.mixed.value: 'mixed' has groups; only its schedule can"))
  }

  // MARK: - What is refused

  @Test func `damaged groups are problems or groups, never a trap`() {
    let text = ScenarioText.replacing(
      ("{id: push, use: fixed-row, value: 2}", Self.mixed),
      ("{count: 2}", "{count: 2}\n  groups: [{name: a, share: 0.5}, {name: b, share: 0.5}]"))
    #expect(ScenarioText.problems(text, plans: true).isEmpty)
    let bytes = [UInt8](text.utf8)
    let alphabet = [UInt8]("{}[]:,-0a9'# \n".utf8)
    var random = SeedPath(root: 5).stream()
    for place in bytes.indices {
      for _ in 0..<4 {
        var damaged = bytes
        damaged[place] = alphabet[random.index(below: alphabet.count)]
        _ = ScenarioText.problems(String(decoding: damaged, as: UTF8.self), plans: true)
      }
      _ = ScenarioText.problems(String(decoding: bytes.prefix(place), as: UTF8.self), plans: true)
    }
  }

  @Test func `a list of groups has an end`() {
    let many = (0...1_000).map { "{name: g\($0), share: 0.001}" }.joined(separator: ", ")
    #expect(
      ScenarioText.problems(ScenarioText.valid, ["threat.groups=[\(many)]"])
        .contains("threat.groups has 1001 entries; it takes at most 1000"))
  }

  @Test func `pairs without an attacker for each group are not applicable`() throws {
    let three =
      "{id: mixed, groups: [\(group(2, "share: 0.5, ")), \(group(3, "share: 0.3, ")), "
      + "\(group(4, "share: 0.2, "))]}"
    let reason = "the group 'p4' of mixed gets none of the 2 attackers"
    #expect(problems(three, ["attacks.push.value=2"]).isEmpty == false)
    #expect(try last(three).feasibility == .notApplicable(reason))
    #expect(
      problems("{id: none-of-it, use: curious}", ["attacks=[\(three)]"])
        == "t.yaml: no cell is feasible: \(reason)")
    let curious = "{id: m, groups: [\(group(2, "share: 0.5, ")), {share: 0.5, attack: curious}]}"
    #expect(
      try last(curious, ["threat.knowledge=own"]).feasibility
        == .notApplicable("curious needs the honest updates; threat.knowledge is 'own'"))
    #expect(
      try last(Self.mixed, ["threat.malicious=0"]).feasibility
        == .notApplicable("threat.malicious gives 0 of 6 clients to attack"))
  }

  @Test(arguments: [
    (
      "{id: m, groups: [{share: 0.5, attack: curious}, {share: 0.4, attack: fixed-row}]}",
      "12:17: attacks.m.groups: the shares sum to 0.9; they have to sum to 1"
    ),
    (
      "{id: m, groups: [{share: 0.5, attack: curios}, {share: 0.5, attack: fixed-row}]}",
      "12:55: unknown attack 'curios'; did you mean 'curious'?"
    ),
    (
      "{id: m, groups: [{share: 1, attack: {id: n, groups: [{share: 1, attack: curious}]}}]}",
      "12:53: attacks.m.groups[0].attack: groups have no groups of their own"
    ),
    (
      "{id: m, groups: [{share: 1, attack: none}]}",
      "12:53: attacks.m.groups[0].attack: a group attacks; 'none' does not"
    ),
    ("{id: m, groups: []}", "12:33: attacks.m.groups has to be a list of at least one mapping"),
    (
      "{groups: [{share: 1, attack: curious}]}", "12:17: id is missing"
    ),
    (
      "{id: m, use: curious, groups: [{share: 1, attack: curious}]}",
      "12:30: an attack has 'use' or 'groups', not both; the attack of each group has its own"
    ),
    (
      "{id: m, with: [boost], groups: [{share: 1, attack: curious}]}",
      "12:31: an attack has 'with' or 'groups', not both; the attack of each group has its own"
    ),
    ("{id: m, groups: [{share: 1}]}", "12:34: attacks.m.groups[0].attack is missing"),
    (
      "{id: m, groups: [{attack: curious}]}",
      "12:34: attacks.m.groups[0].share is missing; give it here, or for all attacks in threat.groups"
    ),
    (
      "{id: m, groups: [{share: 2, attack: curious}]}",
      "12:42: attacks.m.groups[0].share has to be a number above 0 and up to 1"
    ),
    (
      "{id: m, groups: [{share: 0.5, attack: curious}, {share: 0.5, attack: curious}]}",
      "12:65: attacks.m.groups has two groups named 'curious'; give one of them another 'name:'"
    ),
    (
      "{id: m, groups: [{shar: 1, attack: curious}]}",
      "12:35: unknown key 'attacks.m.groups[0].shar'; did you mean 'share'?"
    ),
    (
      "{id: m, group: [{share: 1, attack: curious}]}",
      "12:17: unknown attack 'm'"
    ),
    (
      "{id: m, groups: [{share: 1, attack: {use: fixed-row, valu: 2}}]}",
      "12:70: fixed-row: unknown parameter 'valu'; did you mean 'value'?"
    ),
    (
      "{id: m, groups: [{share: 1, attack: {use: curious, schedule: {kind: rounds, rounds: [7]}}}]}",
      "12:78: attacks.m.groups[0].attack.schedule: round 7 lies outside the window 0 ..< 4"
    ),
    (
      "{id: m, groups: [{share: 1, attack: {use: marker, target: 0, size: 900}}]}",
      "12:53: marker: the trigger does not fit"
    ),
  ])
  func `what is wrong is told at its place`(attack: String, message: String) {
    let text = problems(attack)
    #expect(text.hasPrefix("t.yaml:" + message), "\(text)")
    #expect(!text.contains("\n") || attack.contains("group:"), "\(text)")
  }

  @Test(arguments: [
    ("groups: 3", "12:11: threat.groups has to be a list of at least one mapping, not '3'"),
    ("groups: [{name: a}]", "12:12: threat.groups[0].share is missing"),
    ("groups: [{share: 1}]", "12:12: threat.groups[0].name is missing"),
    (
      "groups: [{name: a, share: 0.5}, {name: a, share: 0.5}]",
      "12:35: threat.groups names 'a' twice"
    ),
    (
      "groups: [{name: a, share: 0.5}, {name: b, share: 0.6}]",
      "12:11: threat.groups: the shares sum to 1.1; they have to sum to 1"
    ),
    (
      "groups: [{name: a, share: 1, size: 3}]", "12:32: unknown key 'threat.groups[0].size'"
    ),
    ("groups: [{name: 'a b', share: 1}]", "12:19: 'a b' is not a legal id"),
  ])
  func `wrong groups of the threat are told at their place`(line: String, message: String) {
    let text = ScenarioText.problems(
      ScenarioText.replacing(("{count: 2}", "{count: 2}\n  \(line)")))
    #expect(text.hasPrefix("t.yaml:" + message), "\(text)")
    #expect(!text.contains("\n"), "\(text)")
  }

  @Test func `a group that is not listed is told`() {
    let text = problems(
      "{id: m, groups: [{name: alpa, attack: curious}]}",
      ["threat.groups=[{name: alpha, share: 1}]"])
    #expect(
      text == "t.yaml:12:34: attacks.m.groups[0]: threat.groups has no 'alpa', and no 'share' is "
        + "given; did you mean 'alpha'?", "\(text)")
  }
}
