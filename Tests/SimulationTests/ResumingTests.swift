import Results
import Testing

@testable import Simulation

/// Runs that find a part of their trials recorded.
@Suite struct ResumingTests {
  /// Seeds 1 and 2; none/mean, none/strict, push/mean, push/strict.
  private func plan(_ overrides: [String] = []) throws -> Plan {
    try Plan(
      try ScenarioText.read(
        ScenarioText.valid, ["clients.count=7", "seeds=[1, 2]"] + overrides),
      catalog: .test)
  }

  private struct Run {
    var trials: [FinishedTrial] = []
    var progress: [Runner.Progress] = []
    var summary = Runner.Summary()
    var records: [TrialRecordV1] { trials.map(\.record) }
  }

  private func run(
    _ plan: Plan, recorded: [TrialRecordV1] = [], jobs: Int = 1
  ) throws -> Run {
    let trials = Log<FinishedTrial>()
    let progress = Log<Runner.Progress>()
    let summary = try Runner(plan: plan, metrics: .test, jobs: jobs, recorded: recorded).run(
      stop: StopSignal(), onProgress: { progress.note($0) }, onTrial: { trials.note($0) })
    return Run(trials: trials.entries, progress: progress.entries, summary: summary)
  }

  @Test(arguments: [1, 2, 5]) func `any part and its rest make the whole`(jobs: Int) throws {
    let plan = try plan()
    let whole = try run(plan)
    #expect(whole.records.count == 8)
    // Bit i says that trial i is there.
    for there in stride(from: 0, to: 256, by: 7) {
      let recorded = whole.records.indices.filter { there & (1 << $0) != 0 }
        .map { whole.records[$0] }
      let rest = try run(plan, recorded: recorded, jobs: jobs)
      let missing = whole.trials.indices.filter { there & (1 << $0) == 0 }
      #expect(rest.records == missing.map { whole.records[$0] })
      #expect(rest.trials.map(\.rounds) == missing.map { whole.trials[$0].rounds })
      #expect(rest.summary.recorded == missing.count && !rest.summary.isStopped)
    }
  }

  @Test func `what is compared to runs again and is not recorded`() throws {
    let plan = try plan()
    var records = try run(plan).records
    // push/strict with seed 2 is compared to the other three of its seed.
    let missing = records.removeLast()
    let workload = Workload(plan, recorded: records)
    #expect(workload.indices == [4, 5, 6, 7] && workload.repeated == [4, 5, 6])
    #expect(workload.recordedCount == 1 && workload.finishedCount == 7)
    #expect(workload.repeatedCount == 3 && workload.roundCount == 16)
    let rest = try run(plan, recorded: records)
    #expect(rest.records == [missing])
    #expect(rest.progress.map(\.finishedRounds) == Array(1...16))
    #expect(rest.progress.allSatisfy { $0.totalRounds == 16 && $0.totalTrials == 4 })
  }

  @Test func `a clean trial needs no attacked one`() throws {
    let plan = try plan()
    var records = try run(plan).records
    records.remove(at: 1)
    let workload = Workload(plan, recorded: records)
    #expect(workload.indices == [0, 1] && workload.repeated == [0])
  }

  @Test func `with everything there nothing runs`() throws {
    let plan = try plan()
    let records = try run(plan).records
    let again = try run(plan, recorded: records.reversed())
    #expect(again.trials.isEmpty && again.progress.isEmpty)
    #expect(again.summary.recorded == 0 && !again.summary.isStopped)
    // Not applicable is an end, too.
    let infeasible = try self.plan(["clients.count=6"])
    let all = try run(infeasible).records
    #expect(all.contains { $0.status == .notApplicable })
    #expect(Workload(infeasible, recorded: all).indices.isEmpty)
  }

  @Test func `records of other plans are nobody's`() throws {
    let plan = try plan()
    let others = try run(try self.plan(["rounds=5"])).records
    #expect(Workload(plan, recorded: others).recordedCount == 8)
    // The same trial under another id is another line.
    let renamed = try self.plan(["attacks=[none, {id: pull, use: fixed-row, value: 2}]"])
    #expect(renamed.trials.map(\.key) == plan.trials.map(\.key))
    #expect(Workload(renamed, recorded: try run(plan).records).recordedCount == 4)
  }

  @Test(arguments: [TrialStatus.error, .timeout])
  func `failed trials run again, and those that lacked them are mended`(status: TrialStatus) throws
  {
    let plan = try plan()
    let whole = try run(plan)
    var records = whole.records
    // none/strict of seed 1 failed: push/strict had no twin.
    records[1].status = status
    records[1].parametersSHA256 = nil
    records[3].metrics["twin"] = .some(nil)
    let rest = try run(plan, recorded: records)
    #expect(rest.records == [whole.records[1], whole.records[3]])
    // The rows of the second one are there.
    #expect(rest.trials.map(\.rounds) == [whole.trials[1].rounds, []])
  }

  @Test(arguments: [1, 2, 5]) func `other numbers than before end the run`(jobs: Int) throws {
    let plan = try plan()
    var records = try run(plan).records
    records.removeLast()
    records[6].parametersSHA256 = records[5].parametersSHA256.map { String($0.reversed()) }
    let error = RepetitionError(cell: "push/mean", seed: 2, failure: nil)
    #expect(throws: error) { try run(plan, recorded: records, jobs: jobs) }
    #expect(
      error.description
        == "push/mean, seed 2: same key, other numbers: this engine or machine is not deterministic"
    )
  }

  @Test func `a trial that fails when it is repeated ends the run`() throws {
    let plan = try plan(["defenses=[mean, {use: failing, round: 2}]"])
    var records = try run(plan).records
    #expect(records[1].status == .error)
    records[1].status = .ok
    records[1].parametersSHA256 = records[0].parametersSHA256
    #expect(
      throws: RepetitionError(
        cell: "none/failing", seed: 1, failure: "failing: gave up in round 2")
    ) {
      try run(plan, recorded: records)
    }
  }

  @Test func `a repeated trial that is stopped holds back what needs it`() throws {
    let plan = try plan()
    let records = Array(try run(plan).records.dropLast())
    let stop = StopSignal()
    let log = Log<TrialRecordV1>()
    let summary = try Runner(plan: plan, metrics: .test, jobs: 1, recorded: records).run(
      stop: stop, onProgress: { if $0.finishedRounds == 6 { stop.stop() } },
      onTrial: { log.note($0.record) })
    #expect(summary.isStopped && summary.recorded == 0 && log.entries.isEmpty)
  }

  @Test func `the expectation names every trial`() throws {
    let plan = try plan()
    let records = try run(plan).records
    #expect(throws: Never.self) {
      try plan.expectedRun.check(records, manifest: nil, folder: "f")
    }
    let others = try self.plan(["rounds=5"])
    #expect(throws: ResultError.self) {
      try others.expectedRun.check(records, manifest: nil, folder: "f")
    }
  }
}
