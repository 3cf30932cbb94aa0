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

/// Every component of the catalog in runs that end again and again in the middle of trials, and go on
/// from checkpoints in other processes: records, series, verdicts and dumps are those of one run.
@Suite struct CheckpointedRunTests {
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

  /// What several runs of one plan left.
  private struct Outcome {
    var trials: [FinishedTrial] = []
    /// How often a run had to be started.
    var starts = 0
    var notes: [String] = []

    /// The record of a trial without its times.
    func comparable(_ place: Int) -> TrialRecordV1 {
      var copy = trials[place].record
      for id in TimingMetrics.ids { copy.metrics[id] = .some(nil) }
      return copy
    }

    /// What differs in a trial from another outcome; empty if nothing does.
    func differences(_ place: Int, from other: Outcome) -> String {
      let (mine, theirs) = (comparable(place), other.comparable(place))
      var words: [String] = []
      for id in mine.metrics.keys.sorted() where mine.metrics[id] != theirs.metrics[id] {
        words.append("\(id): \(mine.metrics[id] as Any), not \(theirs.metrics[id] as Any)")
      }
      for (round, pair) in zip(trials[place].rounds, other.trials[place].rounds).enumerated()
      where pair.0 != pair.1 {
        let names = pair.0.values.keys.filter { pair.0.values[$0] != pair.1.values[$0] }
        words.append("round \(round): \(names.sorted())")
      }
      if mine != theirs { words.append("the record") }
      if trials[place].rounds != other.trials[place].rounds { words.append("the rounds") }
      return words.isEmpty ? "" : "\(mine.cell): \(words.joined(separator: "; "))"
    }
  }

  /// Runs a plan, which is stopped every so many rounds and started again.
  private func run(
    _ plan: Plan, stoppingEvery rounds: Int?, in folder: String,
    observer: @Sendable () -> (any TrialObserver)? = { nil },
    onTrial: @escaping @Sendable ((any TrialObserver)?, FinishedTrial) -> Void = { _, _ in }
  ) throws -> Outcome {
    let outcome = Mutex(Outcome())
    while true {
      let stop = StopSignal()
      let count = Atomic(0)
      let checkpoints = rounds.map { _ in
        CheckpointFolder(path: folder + "/checkpoints", interval: .zero) { note in
          outcome.withLock { $0.notes.append(note) }
        }
      }
      let limit = rounds.map { $0 + 4 * outcome.withLock(\.starts) }
      let watching = observer()
      let summary = try Runner(
        plan: plan, metrics: .builtIn, jobs: 2, threadsPerTrial: 1,
        recorded: outcome.withLock { $0.trials.map(\.record) }, observer: watching,
        checkpoints: checkpoints
      ).run(
        stop: stop,
        onProgress: { _ in
          let done = count.add(1, ordering: .relaxed).newValue
          // Later runs are told of more rounds that were played before.
          if done == limit { stop.stop() }
        }
      ) { trial in
        onTrial(watching, trial)
        outcome.withLock { $0.trials.append(trial) }
      }
      outcome.withLock { $0.starts += 1 }
      guard summary.isStopped else { break }
    }
    return outcome.withLock { outcome in
      // What was in the middle comes behind what was done by then.
      outcome.trials.sort { ($0.record.cell, $0.record.seed) < ($1.record.cell, $1.record.seed) }
      return outcome
    }
  }

  private func expectEqual(_ plan: Plan, every rounds: Int) throws {
    let folder = try TemporaryFolder()
    let whole = try run(plan, stoppingEvery: nil, in: folder.path)
    let parts = try run(plan, stoppingEvery: rounds, in: folder.path)
    #expect(parts.starts > 2)
    #expect(parts.notes.contains { $0.contains("after round") })
    #expect(parts.notes.allSatisfy { !$0.contains("not used") }, "\(parts.notes)")
    #expect(whole.trials.count == plan.trials.count && parts.trials.count == plan.trials.count)
    for place in parts.trials.indices {
      #expect(whole.trials[place].record.status == .ok)
      #expect(parts.differences(place, from: whole) == "")
    }
  }

  @Test func everyDefense() throws {
    try expectEqual(
      plan(
        "smoke-full",
        [("attacks", "[none, opt-ipm, {use: a3fl, ratio: 0.5, steps: 3, samples: 32}]")]),
      every: 101)
  }

  @Test func everyAttack() throws {
    try expectEqual(
      plan("smoke-attacks", [("defenses", "[mean, centered-clipping]")]), every: 67)
  }

  @Test func predictionsByVote() throws {
    try expectEqual(
      plan(
        "smoke-full",
        [
          ("attacks", "[none, {use: a3fl, ratio: 0.5, steps: 3, samples: 32}]"),
          ("defenses", "[mean, {id: crfl, use: mean, finishers: [{use: crfl, samples: 5}]}]"),
        ]), every: 23)
  }

  @Test func momentumOfWorkersAndServer() throws {
    let local = ("task.local", "{batch: 16, lr: 0.1}")
    let attacks = ("attacks", "[none, alie, {use: mimic, warm-up: 2}]")
    let defenses = ("defenses", "[mean, fltrust, centered-clipping]")
    for server in [
      "{algorithm: fedsgd, worker-momentum: 0.9, momentum: 0.5}",
      "{optimizer: yogi, lr: 0.01}", "{momentum: 0.9}",
    ] {
      try expectEqual(
        plan("smoke-full", [local, attacks, defenses, ("server", server)]), every: 31)
    }
  }

  @Test func lateAndMissingClients() throws {
    try expectEqual(
      plan(
        "smoke-attacks",
        [
          ("attacks", "[none, alie]"),
          ("defenses", "[mean, median, centered-clipping, foolsgold]"), ("clients.dropout", "0.2"),
        ]), every: 29)
  }

  @Test func dumpsAndVerdicts() throws {
    let plan = try plan(
      "smoke-full",
      [("attacks", "[none, ipm]"), ("defenses", "[mean, fltrust, flanders]")])
    let folder = try TemporaryFolder()
    func files(_ name: String, every rounds: Int?) throws -> [String: Data] {
      let target = folder.path + "/" + name
      let files = Mutex<[String: Data]>([:])
      let collectors = Mutex<[VerdictCollector]>([])
      _ = try run(
        plan, stoppingEvery: rounds, in: target,
        observer: {
          let collector = VerdictCollector()
          collectors.withLock { $0.append(collector) }
          guard let selection = try? RoundSelection("all") else { return nil }
          return ObserverList([
            UpdateDumper(folder: target + "/dumps", format: .npy, rounds: selection), collector,
          ])
        }
      ) { _, trial in
        let verdicts = collectors.withLock { $0.last?.take(trial.record.identity) ?? [] }
        files.withLock { $0["verdicts of \(trial.record.cell)"] = Data("\(verdicts)".utf8) }
      }
      let dumps = target + "/dumps"
      let paths = FileManager.default.enumerator(atPath: dumps)?.allObjects as? [String] ?? []
      return files.withLock { files in
        for path in paths { files[path] = FileManager.default.contents(atPath: dumps + "/" + path) }
        return files
      }
    }
    let (whole, parts) = (try files("whole", every: nil), try files("parts", every: 19))
    #expect(whole.count > 6 * 7 && whole == parts)
  }

  @Test func otherAttacksAndOtherDumpsPlayTheRoundsAgain() throws {
    let folder = try TemporaryFolder()
    let defenses = ("defenses", "[mean, flanders]")
    let first = try plan("smoke-full", [("attacks", "[none, ipm]"), defenses])
    let stop = StopSignal()
    let count = Atomic(0)
    let checkpoints = CheckpointFolder(path: folder.path, interval: .zero) { _ in }
    _ = try Runner(
      plan: first, metrics: .builtIn, jobs: 1, checkpoints: checkpoints
    ).run(
      stop: stop,
      onProgress: { _ in if count.add(1, ordering: .relaxed).newValue == 5 { stop.stop() } },
      onTrial: { _ in })
    #expect(try !FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    let more = try plan(
      "smoke-full", [("attacks", "[none, ipm, {use: a3fl, steps: 3, samples: 32}]"), defenses])
    let whole = try run(more, stoppingEvery: nil, in: folder.path)
    let trials = Mutex<[FinishedTrial]>([])
    _ = try Runner(plan: more, metrics: .builtIn, jobs: 2, checkpoints: checkpoints)
      .run(stop: StopSignal(), onProgress: { _ in }) { trial in trials.withLock { $0.append(trial) }
      }
    let found = Outcome(trials: trials.withLock { $0.sorted { $0.record.cell < $1.record.cell } })
    #expect(found.trials.count == whole.trials.count)
    for place in whole.trials.indices {
      #expect(found.differences(place, from: whole) == "")
    }
  }

  @Test func filesThatBrokeOffAreNotUsed() throws {
    let folder = try TemporaryFolder()
    let plan = try plan(
      "smoke-full", [("attacks", "[none, ipm]"), ("defenses", "[mean, flanders]")])
    let whole = try run(plan, stoppingEvery: nil, in: folder.path)
    let notes = Mutex<[String]>([])
    let checkpoints = CheckpointFolder(path: folder.path + "/c", interval: .zero) { note in
      notes.withLock { $0.append(note) }
    }
    let stop = StopSignal()
    let count = Atomic(0)
    _ = try Runner(plan: plan, metrics: .builtIn, jobs: 1, checkpoints: checkpoints).run(
      stop: stop,
      onProgress: { _ in if count.add(1, ordering: .relaxed).newValue == 6 { stop.stop() } },
      onTrial: { _ in })
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/c")
    #expect(!names.isEmpty)
    for name in names {
      let path = folder.path + "/c/" + name
      let data = try #require(FileManager.default.contents(atPath: path))
      try data.dropLast(7).write(to: URL(fileURLWithPath: path))
    }
    let trials = Mutex<[FinishedTrial]>([])
    _ = try Runner(plan: plan, metrics: .builtIn, jobs: 1, checkpoints: checkpoints)
      .run(stop: StopSignal(), onProgress: { _ in }) { trial in trials.withLock { $0.append(trial) }
      }
    let found = Outcome(trials: trials.withLock { $0.sorted { $0.record.cell < $1.record.cell } })
    #expect(notes.withLock { $0.contains { $0.contains("is not used: it is not whole") } })
    for place in whole.trials.indices {
      #expect(found.differences(place, from: whole) == "")
    }
  }
}
