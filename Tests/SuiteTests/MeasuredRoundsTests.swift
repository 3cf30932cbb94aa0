import Federation
import Metrics
import Results
import Simulation
import Suite
import Synchronization
import Testing

/// What whole trials say about the rounds that their figures rest on.
@Suite struct MeasuredRoundsTests {
  private func scenario(_ threat: String, _ rest: String, participation: Double = 1) -> String {
    """
    schema: gauntlet/scenario/1
    name: rounds
    seeds: [1]
    rounds: 12
    task:
      dataset: {use: gaussian-classes, features: 6, classes: 3, train: 200, test: 60}
      model: {kind: logistic}
      local: {epochs: 1, batch: 16, lr: 0.1}
    clients: {count: 10, participation: \(participation)}
    threat:
      malicious: {count: 3}
      window: {start: 2, stop: 10}
      \(threat)
    \(rest)
    """
  }

  private func trials(_ text: String) throws -> [String: FinishedTrial] {
    let plan = try Plan(
      ScenarioFile(text: text, path: "rounds.yaml", catalog: .builtIn), catalog: .builtIn)
    let runner = Runner(plan: plan, metrics: .builtIn, jobs: 1, threadsPerTrial: 1)
    let trials = Mutex<[String: FinishedTrial]>([:])
    _ = try runner.run(stop: StopSignal(), onProgress: { _ in }) { trial in
      trials.withLock { $0[trial.record.cell] = trial }
    }
    return trials.withLock { $0 }
  }

  /// Updates 10^12 times too long saturate the model after one round: from then on everybody sends
  /// zeros, and ties of zeros are no stealth.
  @Test func anAttackThatKillsTheModelIsNotStealthy() throws {
    let trials = try trials(
      scenario(
        "",
        """
        attacks: [none, {id: huge, use: ipm, epsilon: 1000000000000}]
        defenses: [mean]
        """))
    let record = try #require(trials["huge/mean"]?.record)
    let rounds = try #require(record.metrics["stealth.rounds"] ?? nil)
    #expect(rounds >= 1 && rounds < 8, "the model was meant to die: \(rounds)")
    #expect(record.metrics["stealth.detectability"] == 1)
    #expect(record.metrics["stealth.score"] == 0)
    #expect(record.metrics["influence.rounds"] == rounds)
    let seen = trials["huge/mean"]?.rounds.filter { $0.values["detector.norm"] != nil }.count
    #expect(seen.map(Double.init) == rounds)
    #expect(trials["none/mean"]?.record.metrics["stealth.rounds"] == 8)
  }

  @Test func aSingleShotIsMeasuredInItsRound() throws {
    let trials = try trials(
      scenario(
        "schedule: {kind: rounds, rounds: [4]}",
        """
        attacks: [none, {id: long, use: sign-flip, scale: 100}]
        defenses: [mean]
        """))
    let record = try #require(trials["long/mean"]?.record)
    #expect(record.metrics["stealth.rounds"] == 1)
    #expect(record.metrics["stealth.detectability"] == 1)
    #expect(record.metrics["detection.rounds"] == 1)
    #expect(record.metrics["threat.malicious-majority"] == 0)
    let attackers = trials["long/mean"]?.rounds.map { $0.values["threat.attackers"] ?? -1 }
    #expect(attackers == [-1, -1, 0, 0, 3, 0, 0, 0, 0, 0, -1, -1])
  }

  @Test func sampledRoundsWithTooManyAttackersAreCounted() throws {
    let trials = try trials(
      scenario(
        "placement: random",
        """
        defense-knows: {malicious: {count: 1}}
        attacks: [none, sign-flip]
        defenses: [mean, trimmed-mean, {id: told, use: trimmed-mean, f: 0}]
        """, participation: 0.5))
    for attack in ["none", "sign-flip"] {
      let counts = try #require(trials["\(attack)/mean"]).rounds.compactMap {
        $0.values["threat.attackers"]
      }
      #expect(counts.count == 8 && Set(counts).count > 1, "\(counts)")
      func metric(_ id: String, _ defense: String) -> Double?? {
        trials["\(attack)/\(defense)"]?.record.metrics[id]
      }
      #expect(metric("threat.f-exceeded", "trimmed-mean") == Double(counts.count { $0 > 1 }))
      #expect(metric("threat.f-exceeded", "told") == Double(counts.count { $0 > 0 }))
      #expect(metric("threat.f-exceeded", "mean") == .some(nil))
      #expect(metric("threat.malicious-majority", "mean") == Double(counts.count { $0 >= 2.5 }))
      #expect(metric("stealth.rounds", "mean") == Double(counts.count { $0 > 0 }))
    }
  }
}
