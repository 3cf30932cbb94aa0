import Components
import Federation
import Foundation
import Metrics
import Results
import Simulation
import Suite
import Synchronization
import Testing

/// Every attack of the catalog with a single shot, as one of several groups, and with another attack.
@Suite struct EveryAttackTests {
  private static let ids = Catalog.builtIn.attacks.map(\.manifest.id.rawValue).filter {
    $0 != "none"
  }

  private func trials(
    _ attacks: [String], _ overrides: [(String, String)], jobs: Int = 2, perTrial: Int = 1
  ) throws -> [String: FinishedTrial] {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Scenarios/smoke-attacks.yaml").path
    let common: [(key: String, value: String)] = [
      ("attacks", "[none, \(attacks.joined(separator: ", "))]"), ("defenses", "[mean, median]"),
      ("evaluation.every", "1"), ("rounds", "5"), ("threat.window", "{start: 1, stop: 5}"),
      ("threat.auxiliary", "{class: 1, train: 20, test: 20}"),
      ("fixed-seeds", "{data: 7}"),
    ]
    let file = try ScenarioFile(
      path: path, catalog: .builtIn,
      overrides: common + overrides.map { (key: $0.0, value: $0.1) })
    let trials = Mutex<[String: FinishedTrial]>([:])
    _ = try Runner(
      plan: Plan(file, catalog: .builtIn), metrics: .builtIn, jobs: jobs, threadsPerTrial: perTrial
    ).run(stop: StopSignal(), onProgress: { _ in }) { trial in
      trials.withLock { $0[trial.record.cell] = trial }
    }
    return trials.withLock { $0 }
  }

  private func series(_ id: String, _ trial: FinishedTrial?) -> [Double?] {
    (trial?.rounds ?? []).map { $0.values[id] }
  }

  @Test func aSingleShotIsASingleShot() throws {
    let trials = try trials(Self.ids, [("threat.schedule", "{kind: rounds, rounds: [3]}")])
    for rule in ["mean", "median"] {
      let clean = trials["none/\(rule)"]
      for id in Self.ids {
        let trial = trials["\(id)/\(rule)"]
        #expect(trial?.record.status == .ok, "\(id): \(trial?.record.message ?? "")")
        #expect(series("threat.attackers", trial) == [nil, 0, 0, 3, 0], "\(id)")
        #expect(
          series("accuracy", trial).prefix(3).elementsEqual(series("accuracy", clean).prefix(3)),
          "\(id)")
      }
    }
    // Under the mean the shot leaves something, but where the attack repeats what it sent before.
    let clean = trials["none/mean"]?.record.parametersSHA256
    let idle = Self.ids.filter { trials["\($0)/mean"]?.record.parametersSHA256 == clean }
    #expect(idle == ["stale-update"])
  }

  @Test func aGroupOfAllAttackersIsTheAttack() throws {
    let plain = try trials(Self.ids, [])
    let groups = Self.ids.map { "{id: \($0), groups: [{share: 1, attack: \($0)}]}" }
    let grouped = try trials(groups, [])
    #expect(grouped.count == plain.count && plain.count == 2 * (Self.ids.count + 1))
    for (cell, trial) in plain {
      #expect(trial.record.status == .ok, "\(cell)")
      #expect(
        grouped[cell]?.record.parametersSHA256 == trial.record.parametersSHA256, "\(cell)")
      for (id, value) in trial.record.metrics where !id.hasPrefix("cost.") {
        #expect(grouped[cell]?.record.metrics[id] == value, "\(cell) \(id)")
      }
    }
  }

  private static let mixed = """
    {id: mixed, groups: [{share: 0.34, attack: {use: alie, z: 1.5}}, {share: 0.66, attack: \
    {use: backdoor, ratio: 0.5, with: [{use: boost, gamma: 4}]}}]}
    """

  @Test func alieAndABackdoorAtOnce() throws {
    let entries = [
      Self.mixed, "{id: alie, use: alie, z: 1.5}",
      "{id: backdoor, use: backdoor, ratio: 0.5, with: [{use: boost, gamma: 4}]}",
    ]
    let one = try trials(entries, [])
    let record = try #require(one["mixed/mean"]?.record)
    #expect(record.status == .ok)
    #expect(record.resolved["alie.z"] == 1.5)
    #expect(record.resolved["backdoor.boost"] == 4)
    // The backdoor is what is measured, and the twin is measured on it.
    #expect(record.resolved["backdoor.asr"] == record.metrics["asr.stop"] ?? nil)
    #expect(record.metrics["asr.base"] == one["backdoor/mean"]?.record.metrics["asr.base"])
    #expect((record.metrics["asr.excess"] ?? nil) ?? 0 > 0.1)
    #expect((record.metrics["stealth.score"] ?? nil) != nil)
    let digests = ["none", "alie", "backdoor", "mixed"].map {
      one["\($0)/mean"]?.record.parametersSHA256
    }
    #expect(!digests.contains(nil) && Set(digests).count == 4)
    for (jobs, perTrial) in [(1, 1), (2, 2), (5, 5)] {
      let other = try trials(entries, [], jobs: jobs, perTrial: perTrial)
      for (cell, trial) in one {
        #expect(other[cell]?.record.parametersSHA256 == trial.record.parametersSHA256)
        #expect(other[cell]?.record.resolved == trial.record.resolved)
        #expect(other[cell]?.rounds == trial.rounds)
      }
    }
  }

  @Test func shotsOfEntriesHaveNullValuesOfTheirOwn() throws {
    let shot = "{id: shot, use: ipm, schedule: {kind: rounds, rounds: [3]}}"
    let turn = "{id: turn, use: ipm, schedule: {kind: in-turn}}"
    let own = try trials([shot, turn, "ipm"], [])
    for (id, schedule) in [("shot", "{kind: rounds, rounds: [3]}"), ("turn", "{kind: in-turn}")] {
      let all = try trials(["ipm"], [("threat.schedule", schedule)])
      for rule in ["mean", "median"] {
        let (mine, theirs) = (own["\(id)/\(rule)"], all["ipm/\(rule)"])
        #expect(mine?.record.parametersSHA256 == theirs?.record.parametersSHA256)
        #expect(mine?.rounds == theirs?.rounds)
        for (metric, value) in theirs?.record.metrics ?? [:] where !metric.hasPrefix("cost.") {
          #expect(mine?.record.metrics[metric] == value, "\(id) \(metric)")
        }
      }
    }
    #expect(
      own["shot/mean"]?.record.metrics["stealth.detectability-null"]
        != own["ipm/mean"]?.record.metrics["stealth.detectability-null"])
  }
}
