import Federation
import Results
import Testing

@testable import Simulation

@Suite struct StoppingTests {
  private struct SinkError: Error, Equatable {
    let record: Int
  }

  private func plan() throws -> Plan {
    try Plan(
      try ScenarioText.read(ScenarioText.valid, ["clients.count=7", "seeds=[1, 2, 3]"]),
      catalog: .test)
  }

  @Test func `the stop signal ends the run after the round in hand`() throws {
    let plan = try plan()
    let stop = StopSignal()
    let log = Log<TrialRecordV1>()
    // Round 10 is in the third trial.
    let summary = try Runner(plan: plan, metrics: .test, jobs: 1).run(
      stop: stop, onProgress: { if $0.finishedRounds == 10 { stop.stop() } },
      onTrial: { log.note($0.record) })
    #expect(summary.isStopped && summary.recorded == 2 && summary.failed.isEmpty)
    #expect(log.entries.map(\.key) == plan.trials.prefix(2).map(\.key))
    #expect(log.entries.allSatisfy { $0.status == .ok })
  }

  @Test(arguments: [1, 2, 5])
  func `what is recorded before a stop is what a whole run records`(jobs: Int) throws {
    let plan = try plan()
    let whole = Log<TrialRecordV1>()
    _ = try Runner(plan: plan, metrics: .test, jobs: 1)
      .run(stop: StopSignal(), onProgress: { _ in }, onTrial: { whole.note($0.record) })
    for rounds in [1, 7, 13, 22, 31] {
      let stop = StopSignal()
      let log = Log<TrialRecordV1>()
      let summary = try Runner(plan: plan, metrics: .test, jobs: jobs).run(
        stop: stop, onProgress: { if $0.finishedRounds >= rounds { stop.stop() } },
        onTrial: { log.note($0.record) })
      #expect(summary.isStopped == (log.entries.count < 12))
      #expect(log.entries.allSatisfy { record in whole.entries.contains(record) })
    }
  }

  @Test func `a failure may end the run`() throws {
    let plan = try Plan(
      try ScenarioText.read(
        ScenarioText.valid, ["seeds=[1, 2]", "defenses=[mean, {use: failing, round: 2}]"]),
      catalog: .test)
    for (stops, count) in [(true, 2), (false, 8)] {
      let log = Log<TrialRecordV1>()
      let summary = try Runner(plan: plan, metrics: .test, jobs: 1).run(
        stop: StopSignal(), stopsAtFailure: stops, onProgress: { _ in },
        onTrial: { log.note($0.record) })
      #expect(log.entries.count == count && summary.recorded == count)
      #expect(summary.failed.count == count / 2 && summary.isStopped == stops)
    }
  }

  @Test func `a signal before the start runs nothing`() throws {
    let stop = StopSignal()
    stop.stop()
    let log = Log<TrialRecordV1>()
    let summary = try Runner(plan: try plan(), metrics: .test, jobs: 2)
      .run(stop: stop, onProgress: { _ in }, onTrial: { log.note($0.record) })
    #expect(summary.isStopped && summary.recorded == 0 && log.entries.isEmpty)
  }

  @Test(arguments: [1, 2, 5])
  func `an error of the sink ends the run`(jobs: Int) throws {
    let plan = try plan()
    let calls = Log<TrialRecordV1>()
    let rounds = Log<Int>()
    let runner = Runner(plan: plan, metrics: .test, jobs: jobs)
    #expect(throws: SinkError(record: 3)) {
      try runner.run(stop: StopSignal(), onProgress: { rounds.note($0.finishedRounds) }) { trial in
        calls.note(trial.record)
        if calls.entries.count == 3 { throw SinkError(record: 3) }
      }
    }
    #expect(calls.entries.map(\.key) == plan.trials.prefix(3).map(\.key))
    if jobs == 1 { #expect(rounds.entries == Array(1...12)) }
  }

  @Test func `a trial that is compared to a stopped one is not recorded`() throws {
    let plan = try plan()
    var recorder = TrialRecorder(plan: plan, metrics: .test, workload: Workload(plan))
    let trace = TrialTrace(
      rounds: [
        .init(
          evaluation: Evaluation(examples: [1], correct: [1], triggered: [:]), figures: [:],
          droppedCount: 0)
      ], window: 0..<1, classCount: 1, goal: .none, backdoor: nil, declaresMalicious: false)
    #expect(try recorder.take(.finished(trace, DefenseHygiene()), of: 1).isEmpty)
    #expect(try recorder.take(.stopped, of: 0).isEmpty)
    #expect(try recorder.take(.finished(trace, DefenseHygiene()), of: 2).isEmpty)
    #expect(try recorder.take(.failed("x"), of: 3).map(\.record.status) == [.error])
    // The next seed has trials of its own.
    let next = try recorder.take(.finished(trace, DefenseHygiene()), of: 4)
    #expect(next.map(\.record.key) == [plan.trials[4].key])
    #expect(next.first?.record.metrics["twin"] == 1)
  }
}
