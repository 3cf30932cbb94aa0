import Determinism
import Federation
import Results
import Testing

@testable import Simulation

/// Attacks with a schedule of their own.
@Suite struct EntryScheduleTests {
  private static let shot =
    "{id: shot, use: fixed-row, value: 2, schedule: {kind: rounds, rounds: [2]}}"

  private func plan(_ overrides: [String]) throws -> Plan {
    try Plan(try ScenarioText.read(ScenarioText.valid, overrides), catalog: .test)
  }

  private func problems(_ attack: String, _ overrides: [String] = []) -> String {
    ScenarioText.problems(
      ScenarioText.replacing(("id: push, use: fixed-row, value: 2", attack)), overrides,
      plans: true)
  }

  /// Records by cell.
  private func records(
    _ overrides: [String], jobs: Int = 1, perTrial: Int = 1
  ) throws -> [String: TrialRecordV1] {
    let log = Log<TrialRecordV1>()
    _ = try Runner(
      plan: plan(overrides), metrics: .acting, jobs: jobs, threadsPerTrial: perTrial
    ).run(stop: StopSignal(), onProgress: { _ in }, onTrial: { log.note($0.record) })
    return Dictionary(uniqueKeysWithValues: log.entries.map { ($0.cell, $0) })
  }

  @Test func `it holds in place of the scenario's, for this attack alone`() throws {
    let own = try records(["attacks=[none, \(Self.shot), {id: push, use: fixed-row, value: 2}]"])
    let all = try records([
      "attacks=[none, {id: push, use: fixed-row, value: 2}]",
      "threat.schedule={kind: rounds, rounds: [2]}",
    ])
    let always = try records([])
    let digests = own.compactMapValues(\.parametersSHA256)
    #expect(digests["shot/mean"] == all["push/mean"]?.parametersSHA256)
    #expect(digests["push/mean"] == always["push/mean"]?.parametersSHA256)
    #expect(digests["none/mean"] == always["none/mean"]?.parametersSHA256)
    #expect(Set(digests.values).count == 3)
    let back = try records([
      "attacks=[none, {id: push, use: fixed-row, value: 2, schedule: every}]",
      "threat.schedule={kind: rounds, rounds: [2]}",
    ])
    #expect(back["push/mean"]?.parametersSHA256 == digests["push/mean"])
  }

  @Test func `the clean twin is measured on the clients that act`() throws {
    let run = try records([
      "attacks=[none, \(Self.shot), {id: push, use: fixed-row, value: 2}]",
      "threat.schedule={kind: in-turn}",
    ])
    // Two attackers in one round; one in each of two rounds.
    #expect(run["shot/mean"]?.metrics["acting"] == 2)
    #expect(run["push/mean"]?.metrics["acting"] == 2)
    #expect(run["shot/mean"]?.metrics["twin-rounds"] == 4)
    #expect(run["push/mean"]?.metrics["twin-rounds"] == 1)
    #expect(run["none/mean"]?.metrics["twin-rounds"] == 1)
    #expect(run["shot/mean"]?.metrics["twin-pooled"] == 4)
    #expect(run["push/mean"]?.metrics["twin-pooled"] == 1)
    for (jobs, perTrial) in [(2, 1), (5, 2)] {
      let other = try records(
        [
          "attacks=[none, \(Self.shot), {id: push, use: fixed-row, value: 2}]",
          "threat.schedule={kind: in-turn}",
        ], jobs: jobs, perTrial: perTrial)
      #expect(other == run)
    }
  }

  @Test func `it enters the key and the resolved scenario, where it is given`() throws {
    func key(_ attack: String, _ overrides: [String] = []) throws -> String? {
      try plan(["attacks=[none, \(attack)]", "defenses=[mean]"] + overrides).trials.last?.key
    }
    let plain = try key("{id: push, use: fixed-row, value: 2}")
    let keys = [
      plain, try key(Self.shot),
      try key("{use: fixed-row, value: 2, schedule: {kind: rounds, rounds: [1]}}"),
      try key("{use: fixed-row, value: 2, schedule: in-turn}"),
      try key("{use: fixed-row, value: 2, schedule: {kind: in-turn, k: 2}}"),
    ]
    #expect(!keys.contains(nil) && Set(keys).count == keys.count)
    #expect(
      try key("{id: other, use: fixed-row, value: 2, schedule: {rounds: 2, kind: rounds}}")
        == keys[1])
    let resolved = CanonicalJSON.string(try plan(["attacks=[\(Self.shot)]"]).resolved)
    #expect(
      resolved.contains(
        #""schedule":{"id":"rounds","parameters":{"rounds":[2]}}"#))
  }

  @Test func `the matrix sweeps it`() throws {
    let swept = try plan([
      "attacks=[none, {id: push, use: fixed-row, value: 2}]", "defenses=[mean]",
      "matrix={attacks.push.schedule: [every, {kind: rounds, rounds: [2]}]}",
    ])
    #expect(
      swept.trials.map(\.cell) == [
        "none/mean", "push/mean attacks.push.schedule=every",
        "push/mean attacks.push.schedule={kind: rounds, rounds: [2]}",
      ])
    let fixed = try plan(["attacks=[none, \(Self.shot)]", "defenses=[mean]"])
    #expect(swept.trials.last?.key == fixed.trials.last?.key)
    let included = try plan([
      "attacks=[none, {id: push, use: fixed-row, value: 2}]", "defenses=[mean]",
      "matrix={include: [{attacks.push.schedule: {kind: rounds, rounds: [2]}}]}",
    ])
    #expect(included.trials.last?.key == fixed.trials.last?.key)
    let set = try plan([
      "defenses=[mean]", "attacks.push.schedule={kind: rounds, rounds: [2]}",
    ])
    #expect(set.trials.last?.key == fixed.trials.last?.key)
  }

  @Test(arguments: [
    (
      "use: fixed-row, schedule: evry",
      "t.yaml:12:44: attacks.fixed-row.schedule is 'evry', which is not a schedule; did you mean 'every'?"
    ),
    (
      "id: p, use: fixed-row, schedule: {kind: every, j: 2}",
      "t.yaml:12:65: unknown key 'attacks.p.schedule.j'; did you mean 'k'?"
    ),
    (
      "id: p, use: fixed-row, schedule: {kind: rounds}",
      "t.yaml:12:51: attacks.p.schedule.rounds is missing"
    ),
    (
      "id: p, use: fixed-row, schedule: {kind: rounds, rounds: [-1]}",
      "t.yaml:12:75: attacks.p.schedule.rounds has to be a list of at least 1, each a whole number from 0 to "
        + "1000000; its entry 1 is '-1'"
    ),
    (
      "id: p, use: fixed-row, schedule: {kind: rounds, rounds: [4]}",
      "t.yaml:12:51: attacks.p.schedule: round 4 lies outside the window 0 ..< 4"
    ),
  ])
  func `what is wrong is told at its place`(attack: String, message: String) {
    #expect(problems(attack).hasPrefix(message), "\(problems(attack))")
    #expect(!problems(attack).contains("\n"), "\(problems(attack))")
  }

  @Test func `nobody acts under none`() {
    let text = ScenarioText.problems(
      ScenarioText.valid, ["attacks=[{use: none, schedule: in-turn}]"], plans: true)
    #expect(text.contains("attacks.none.schedule: nobody acts under 'none'; leave it out"))
  }

  @Test func `a swept schedule that is wrong is told at its value`() {
    let text = ScenarioText.problems(
      ScenarioText.replacing(
        (
          "attacks:",
          "matrix: {attacks.push.schedule: [every, {kind: rounds, rounds: [9]}]}\nattacks:"
        )), plans: true)
    #expect(
      text == "t.yaml:12:41: attacks.push.schedule: round 9 lies outside the window 0 ..< 4",
      "\(text)")
  }

  @Test func `an attack that never acts is noted`() throws {
    let few = ["clients.participation=0.2", "threat.malicious.count=1", "seeds=[1, 2, 3, 4, 5, 6]"]
    let notes = try plan(few + ["attacks=[none, \(Self.shot)]"]).notes
    #expect(notes.count == 1)
    let silent = (1...6).filter { seed in
      let scenario = try? ScenarioText.scenario(few)
      return scenario.map {
        let sampling = ClientSampling(
          clients: $0.clients, threat: $0.threat, seed: .init(root: UInt64(seed)))
        return Set(sampling.participants(round: 2)).isDisjoint(with: sampling.controlled)
      } ?? false
    }
    #expect(!silent.isEmpty && silent.count < 6)
    let list = silent.map(String.init).joined(separator: ", ")
    #expect(
      notes.first?.hasPrefix(
        "under 'shot' no attacker acts with "
          + (silent.count == 1 ? "seed \(list): " : "the seeds \(list): ")) == true, "\(notes)")
    #expect(try plan(["attacks=[none, \(Self.shot)]"]).notes == [])
    #expect(
      try plan(few + ["attacks=[none, \(Self.shot)]", "threat.participation=always"]).notes == [])
  }
}

extension MetricCatalog {
  /// How often controlled clients act.
  fileprivate static let acting = MetricCatalog(
    meters: [ActingMeter.self], metrics: [ActingScores.self], flags: [])
}

/// Counts acting clients, and sums the squares of their numbers.
private struct ActingMeter: RoundMeter {
  static let series = ["acting"]
  private var squares = 0

  init(_: MeterSetup) {}

  mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    let count = observation.isActing.count { $0 } + observation.droppedActing.count
    squares = max(squares, count * count)
    return ["acting": Double(count)]
  }

  mutating func finish() -> [String: Double] { ["squares": Double(squares)] }
}

private struct ActingScores: Metric {
  static let manifests = ["acting", "twin-rounds", "twin-pooled"].map {
    MetricManifest(id: $0, definition: "", unit: "", range: "", better: .none)
  }

  static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    let acting = evidence.trial.rounds.compactMap { $0.figures["acting"] }.reduce(0, +)
    let twin = evidence.twin?.rounds.compactMap { $0.figures["acting"] }.map { $0 * $0 }.max()
    return [
      "acting": .value(acting), "twin-rounds": twin.map { .value($0) } ?? .absent("no twin"),
      "twin-pooled": evidence.twin?.summary["squares"].map { .value($0) } ?? .absent("no twin"),
    ]
  }
}
