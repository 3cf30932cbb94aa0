import Determinism
import Testing

@testable import Simulation

@Suite struct AttackScheduleLoopTests {
  /// The places of the controlled clients that acted, by round.
  private func acting(_ schedule: String) throws -> [[Int]] {
    let bench = try TrialBench([
      "rounds=7", "threat.malicious={count: 3}", "threat.window={start: 1, stop: 6}",
      "threat.schedule=\(schedule)",
    ])
    let spy = Spy()
    var loop = bench.loop(attack: spy)
    for _ in 0..<7 { _ = try loop.advance() }
    let controlled = bench.controlled
    return (0..<7).map { round in
      let trained = spy.trained.entries.filter { $0.round == round }
      return trained.compactMap { controlled.firstIndex(of: $0.client) }.sorted()
    }
  }

  @Test func `attackers act when the schedule says, in the window alone`() throws {
    let all = [0, 1, 2]
    #expect(try acting("every") == [[], all, all, all, all, all, []])
    #expect(try acting("{kind: every, k: 2}") == [[], all, [], all, [], all, []])
    #expect(try acting("{kind: rounds, rounds: [2, 5]}") == [[], [], all, [], [], all, []])
    #expect(try acting("in-turn") == [[], [0], [1], [2], [], [], []])
    #expect(try acting("{kind: in-turn, repeat: true}") == [[], [0], [1], [2], [0], [1], []])
    #expect(try acting("{kind: in-turn, k: 2}") == [[], [0], [], [1], [], [2], []])
  }

  @Test func `an attacker that does not act trains as honest clients do`() throws {
    let overrides = ["rounds=3", "threat.window={start: 0, stop: 3}"]
    let bench = try TrialBench(overrides + ["threat.schedule={kind: rounds, rounds: [2]}"])
    var (idle, clean) = (bench.loop(attack: FixedRow(9)), bench.loop())
    for round in 0..<3 {
      let (one, other) = (try idle.advance(), try clean.advance())
      #expect((one.updates == other.updates) == (round < 2))
      #expect(one.isControlled == other.isControlled)
    }
  }

  @Test func `an attack sees the model of every round, whether it acts or not`() throws {
    let bench = try TrialBench([
      "rounds=6", "threat.window={start: 2, stop: 5}", "clients.participation=0.5",
      "threat.schedule={kind: rounds, rounds: [3]}",
    ])
    let spy = Spy()
    var loop = bench.loop(attack: spy)
    var models: [Float] = []
    var acting: [Bool] = []
    for _ in 0..<6 {
      models.append(loop.global[0])
      acting.append(try loop.advance().isActing.contains(true))
    }
    #expect(spy.observed.entries.map(\.round) == Array(0..<6))
    #expect(spy.observed.entries.map(\.first) == models && Set(models).count == 6)
    #expect(spy.observed.entries.map(\.isActing) == acting)
    #expect(acting == [false, false, false, true, false, false])
  }

  @Test func `meters see who acts, under the attack none too`() throws {
    let bench = try TrialBench([
      "rounds=4", "threat.malicious={count: 3}", "threat.window={start: 1, stop: 4}",
      "threat.schedule={kind: in-turn, k: 2}",
    ])
    let controlled = bench.controlled
    var (attacked, clean) = (bench.loop(attack: FixedRow(.nan)), bench.loop())
    for round in 0..<4 {
      let (one, other) = (try attacked.advance(), try clean.advance())
      let acting = [[], [controlled[0]], [], [controlled[1]]][round]
      #expect(one.droppedActing == acting)
      #expect(one.isActing.allSatisfy { !$0 })
      #expect(other.droppedActing.isEmpty)
      #expect(zip(other.clients, other.isActing).filter { $0.1 }.map { $0.0 } == acting)
    }
  }

  @Test func `those drawn among participants are hypergeometric in number`() throws {
    let scenario = try ScenarioText.scenario([
      "clients={count: 20, participation: 0.5}", "threat.malicious.count=8",
      "threat.schedule={kind: random, count: 4}",
    ])
    let (clients, threat) = (scenario.clients, scenario.threat)
    var counts = [Int](repeating: 0, count: 5)
    for root in 1...500 as ClosedRange<UInt64> {
      let seed = SeedPath(root: root)
      let sampling = ClientSampling(clients: clients, threat: threat, seed: seed)
      let roster = AttackRoster(
        controlled: sampling.controlled, threat: threat, attack: nil, seed: seed)
      for round in threat.window {
        let acting = sampling.participants(round: round).count {
          roster.acts($0, round: round, window: threat.window)
        }
        counts[acting] += 1
      }
    }
    // C(4, k) C(16, 10 - k) / C(20, 10) of 2,000 rounds.
    for (count, ways) in zip(counts, [8_008, 45_760, 77_220, 45_760, 8_008] as [Double]) {
      let mean = 2_000 * ways / 184_756
      #expect(abs(Double(count) - mean) < 4 * mean.squareRoot(), "\(counts)")
    }
  }

  @Test func `draws are the same under every attack and in the clean twin`() throws {
    let overrides = [
      "rounds=12", "clients={count: 9, participation: 0.7}", "threat.malicious.count=4",
      "threat.schedule={kind: random, probability: 0.5}",
    ]
    let bench = try TrialBench(overrides)
    let spy = Spy()
    var loops = [
      bench.loop(attack: spy), bench.loop(), bench.loop(attack: FixedRow(3), width: 3),
      bench.loop(attack: Curious(), rule: Constant(0)),
    ]
    var seen: Set<[Bool]> = []
    for _ in 0..<12 {
      let acting = try loops.indices.map { try loops[$0].advance().isActing }
      #expect(Set(acting).count == 1)
      seen.insert(acting[0])
    }
    #expect(seen.count > 4 && spy.trained.entries.count > 12)
  }

  @Test(arguments: [
    ("{kind: random}", "threat.schedule: random takes 'probability' or 'count'; neither is given"),
    (
      "{kind: random, count: 1, probability: 0.5}",
      "threat.schedule: random takes 'probability' or 'count', not both"
    ),
  ])
  func `a random schedule needs one parameter`(schedule: String, message: String) {
    let problem = ScenarioText.problems(
      ScenarioText.replacing(("{count: 2}", "{count: 2}\n  schedule: \(schedule)")))
    #expect(problem == "t.yaml:12:13: \(message)")
  }

  @Test func `rounds outside the window are refused`() {
    let problem = ScenarioText.problems(
      ScenarioText.valid,
      ["threat.window={start: 1, stop: 3}", "threat.schedule={kind: rounds, rounds: [1, 3]}"],
      plans: true)
    #expect(problem.contains("threat.schedule") && problem.contains("3"), "\(problem)")
  }
}
