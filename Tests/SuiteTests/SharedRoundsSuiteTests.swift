import Dumps
import Federation
import Foundation
import Metrics
import Results
import Simulation
import Suite
import Synchronization
import Testing
import _TestSupport

/// Every component of the catalog in trials that share the rounds before the attack: records, series,
/// verdicts and dumps are those of trials alone.
@Suite struct SharedRoundsSuiteTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func plan(_ name: String, _ overrides: [(String, String)]) throws -> Plan {
    let common = [
      ("rounds", "7"), ("threat.window", "{start: 3, stop: 6}"), ("threat.schedule", "every"),
      ("evaluation.every", "2"),
    ]
    let file = try ScenarioFile(
      path: Self.root.appendingPathComponent("Scenarios/\(name).yaml").path, catalog: .builtIn,
      overrides: (common + overrides).map { (key: $0.0, value: $0.1) })
    return try Plan(file, catalog: .builtIn)
  }

  private func run(
    _ plan: Plan, shares: Bool, observer: (any TrialObserver)? = nil
  ) throws -> [FinishedTrial] {
    let trials = Mutex<[FinishedTrial]>([])
    _ = try Runner(
      plan: plan, metrics: .builtIn, jobs: 2, threadsPerTrial: 1, sharesRounds: shares,
      observer: observer
    ).run(stop: StopSignal(), onProgress: { _ in }) { trial in
      trials.withLock { $0.append(trial) }
    }
    return trials.withLock { $0 }
  }

  private func expectEqual(_ plan: Plan) throws {
    let shared = SharedRounds(plan, Workload(plan), threads: 2)
    #expect(shared.roundCount > 0)
    let (alone, together) = (try run(plan, shares: false), try run(plan, shares: true))
    #expect(alone.count == plan.trials.count && alone.count == together.count)
    for (mine, theirs) in zip(together, alone) {
      #expect(mine.record.status == .ok, "\(mine.record.cell): \(mine.record.message ?? "")")
      #expect(withoutTimes(mine.record) == withoutTimes(theirs.record), "\(mine.record.cell)")
      #expect(mine.rounds == theirs.rounds, "\(mine.record.cell)")
    }
  }

  private func withoutTimes(_ record: TrialRecordV1) -> TrialRecordV1 {
    var copy = record
    for id in TimingMetrics.ids { copy.metrics[id] = .some(nil) }
    return copy
  }

  /// Whole rules, stages and finishers: a stealthy attack, one that rehearses the defense, a trigger
  /// that changes.
  @Test func everyDefense() throws {
    try expectEqual(
      plan(
        "smoke-full",
        [("attacks", "[none, opt-ipm, {use: a3fl, ratio: 0.5, steps: 3, samples: 32}]")]))
  }

  @Test func everyAttack() throws {
    try expectEqual(plan("smoke-attacks", [("defenses", "[mean, centered-clipping]")]))
    try expectEqual(
      plan(
        "smoke-full",
        [("defenses", "[mean, {id: crfl, use: mean, finishers: [{use: crfl, samples: 5}]}]")]))
  }

  @Test func momentumOfWorkersAndServer() throws {
    let local = ("task.local", "{batch: 16, lr: 0.1}")
    let attacks = ("attacks", "[none, alie, {use: mimic, warm-up: 2}]")
    let defenses = ("defenses", "[mean, centered-clipping, krum]")
    for server in [
      "{algorithm: fedsgd, worker-momentum: 0.9, momentum: 0.5}",
      "{optimizer: yogi, lr: 0.01}", "{momentum: 0.9}",
    ] {
      try expectEqual(plan("smoke-attacks", [local, attacks, defenses, ("server", server)]))
    }
  }

  @Test func dumpsAndVerdicts() throws {
    let plan = try plan(
      "smoke-full",
      [("attacks", "[none, ipm]"), ("defenses", "[mean, fltrust, flanders]")])
    let folder = try TemporaryFolder()
    func files(_ name: String, shares: Bool) throws -> [String: Data] {
      let target = folder.path + "/" + name
      let collector = VerdictCollector()
      let dumper = UpdateDumper(
        folder: target, format: .npy, rounds: try RoundSelection("all"))
      let trials = try run(plan, shares: shares, observer: ObserverList([dumper, collector]))
      var files: [String: Data] = [:]
      for trial in trials {
        let verdicts = collector.take(trial.record.identity)
        #expect(!verdicts.isEmpty)
        files["verdicts of \(trial.record.cell)"] = Data("\(verdicts)".utf8)
      }
      let paths = FileManager.default.enumerator(atPath: target)?.allObjects as? [String] ?? []
      for path in paths { files[path] = FileManager.default.contents(atPath: target + "/" + path) }
      return files
    }
    let (alone, shared) = (try files("alone", shares: false), try files("shared", shares: true))
    #expect(alone.count > 6 * 7 && alone == shared)
  }
}
