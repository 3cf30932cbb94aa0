import Federation
import Results
import Synchronization
import Testing

@testable import Simulation

@Suite struct RunnerTests {
  private static let wide = [
    "seeds=[1, 2]", "clients.count=7",
    "attacks=[none, {id: push, use: fixed-row, value: 0.5}, {id: nan, use: fixed-row, value: 9}]",
    "defenses=[mean, strict, {id: halved, use: mean, stages: [{use: scaling, by: 0.5}]}]",
  ]

  private func plan(_ overrides: [String] = wide) throws -> Plan {
    try Plan(try ScenarioText.read(ScenarioText.valid, overrides), catalog: .test)
  }

  private struct Run {
    var trials: [FinishedTrial]
    var summary: Runner.Summary
    var records: [TrialRecordV1] { trials.map(\.record) }
  }

  private func run(_ plan: Plan, jobs: Int = 1, stop: StopSignal = StopSignal()) throws -> Run {
    let log = Log<FinishedTrial>()
    let summary = try Runner(plan: plan, metrics: .test, jobs: jobs)
      .run(stop: stop, onProgress: { _ in }, onTrial: { log.note($0) })
    return Run(trials: log.entries, summary: summary)
  }

  @Test func `records come in plan order with equal bits for any number of jobs`() throws {
    let plan = try plan()
    let single = try run(plan)
    #expect(single.records.map(\.key) == plan.trials.map(\.key))
    #expect(single.summary.recorded == 18 && !single.summary.isStopped)
    #expect(single.records.allSatisfy { $0.status == .ok && $0.rounds == 4 })
    // Both rules of mean and strict are the mean.
    #expect(Set(single.records.map(\.parametersSHA256)).count == 12)
    for jobs in [2, 5, 40] {
      let other = try run(plan, jobs: jobs)
      #expect(other.records == single.records)
      #expect(other.trials.map(\.rounds) == single.trials.map(\.rounds))
    }
  }

  @Test func `curves of meters are recorded with four decimals`() throws {
    let record = try #require(try run(plan(["attacks=[none]", "defenses=[mean]"])).records.first)
    #expect(record.roc.keys.sorted() == ["rows"])
    #expect(record.roc["rows"]?.prefix(3) == [0, 0.0333, 0.0667])
    #expect(record.roc["rows"]?.last == 0.6667)
  }

  @Test func `more jobs than trials go to the clients of a trial`() throws {
    let plan = try plan(["attacks=[none]", "defenses=[mean]"])
    let (many, one) = (try run(plan, jobs: 5), try run(plan, jobs: 1))
    #expect(many.records == one.records)
  }

  @Test(arguments: [(4, 2), (3, 3), (2, 5)])
  func `threads may be shared out in any way`(jobs: Int, perTrial: Int) throws {
    let plan = try plan()
    let log = Log<TrialRecordV1>()
    _ = try Runner(plan: plan, metrics: .test, jobs: jobs, threadsPerTrial: perTrial)
      .run(stop: StopSignal(), onProgress: { _ in }, onTrial: { log.note($0.record) })
    #expect(log.entries == (try run(plan)).records)
  }

  @Test func `a record holds what was resolved`() throws {
    let record = try #require(try run(try plan()).records.first { $0.cell == "push/strict" })
    #expect(
      record.resolved == ["attackers": 2, "participants": 7, "f": 2, "share": 2.0 / 7, "sees": -1])
    #expect(record.seed == 1 && record.engine == Engine.number && !record.isImplied)
    #expect(record.parametersSHA256?.count == 64)
    #expect(Set(record.metrics.keys) == Set(TestScores.manifests.map(\.id)))
    #expect(record.metrics["rows"] == 28 && record.censored == ["bound"])
    #expect(record.metrics["backdoor"] == .some(nil))
    #expect(record.absent == ["backdoor": "no backdoor"])
  }

  @Test func `metrics see the trials that a trial is compared to`() throws {
    let records = try run(try plan()).records
    func accuracy(_ cell: String, _ seed: Int) -> Double? {
      records.first { $0.cell == cell && $0.seed == seed }?.metrics["accuracy"] ?? nil
    }
    for record in records {
      #expect(record.metrics["twin"] == accuracy("none/\(record.defense)", record.seed))
      #expect(record.metrics["undefended-twin"] == accuracy("none/mean", record.seed))
      #expect(record.metrics["undefended"] == accuracy("\(record.attack)/mean", record.seed))
    }
  }

  @Test func `clean twins are scored on the backdoors of the attacks`() throws {
    let records = try run(
      try plan([
        "attacks=[none, {id: a, use: marker, target: 0}, {id: b, use: marker, target: 1}]",
        "defenses=[mean]",
      ])
    ).records
    #expect(records.map { $0.metrics["backdoor"] == .some(nil) } == [true, false, false])
    let scenarioWide = try run(
      try plan(["threat.backdoor={size: 1, target: 0}", "attacks=[none]", "defenses=[mean]"])
    ).records
    #expect(scenarioWide.first?.metrics["backdoor"] != .some(nil))
  }

  @Test func `rounds have the figures of the meters, without times`() throws {
    let trial = try #require(try run(try plan()).trials.first)
    #expect(trial.rounds.map(\.round) == [0, 1, 2, 3])
    for round in trial.rounds {
      #expect(round.values.keys.sorted() == ["accuracy", "controlled", "dropped", "rows"])
      #expect(round.values["controlled"] == 2)
    }
  }

  @Test func `columns are the axes of the whole scenario and the series of the meters`() throws {
    let text =
      ScenarioText.valid + """

        matrix:
          clients.count: [7, 9]
          task.local.batch: [4]
          include: [{threat.malicious: 0.1}]

        """
    let file = try ScenarioFile(text: text, path: "t.yaml", catalog: .test)
    for only in [nil, "clients.count=9"] as [String?] {
      let plan = try Plan(
        file, catalog: .test, options: .init(only: try only.map { try Selection($0) }))
      #expect(
        plan.roundsLayout(.test, metrics: .test)
          == RoundsLayout(
            axes: ["clients.count", "task.local.batch", "threat.malicious"],
            series: ["rows", "controlled", "dropped", "accuracy"]))
    }
  }

  @Test func `cells that are not applicable are recorded with their reason`() throws {
    let records = try run(try plan(["clients.count=6"])).records
    #expect(records.map(\.status) == [.ok, .notApplicable, .ok, .notApplicable])
    #expect(records[3].message == "strict: needs n >= 2f + 3, got f = 2")
    #expect(records[3].rounds == 0 && records[3].metrics.isEmpty)
    #expect(records[3].parametersSHA256 == nil)
  }

  @Test(arguments: [1, 2, 5])
  func `a failing defense is an error and the others go on`(jobs: Int) throws {
    let plan = try plan([
      "defenses=[mean, {use: failing, round: 2}]", "seeds=[1, 2]",
    ])
    let run = try run(plan, jobs: jobs)
    #expect(run.records.map(\.status) == [.ok, .error, .ok, .error, .ok, .error, .ok, .error])
    let failed = run.records[1]
    #expect(failed.message == "failing: gave up in round 2" && failed.rounds == 0)
    #expect(failed.metrics.isEmpty && failed.parametersSHA256 == nil)
    #expect(run.summary.failed.map(\.cell) == [1, 3, 5, 7].map { run.records[$0].cell })
    #expect(run.summary.recorded == 8 && !run.summary.isStopped)
  }

  @Test func `a trial whose twin failed says that it is missing`() throws {
    let records = try run(
      try plan(["defenses=[mean, {use: failing, round: 2}]", "threat.window={start: 2}"])
    ).records
    #expect(records[2].metrics["twin"] != .some(nil))
    #expect(records[3].status == .error)
  }

  @Test func `progress counts rounds and trials up to the plan's`() throws {
    let plan = try plan()
    let log = Log<Runner.Progress>()
    _ = try Runner(plan: plan, metrics: .test, jobs: 2)
      .run(stop: StopSignal(), onProgress: { log.note($0) }, onTrial: { _ in })
    #expect(log.entries.map(\.finishedRounds).sorted() == Array(1...72))
    #expect(log.entries.allSatisfy { $0.totalRounds == 72 && $0.totalTrials == 18 })
    #expect(log.entries.map(\.finishedTrials) == log.entries.map(\.finishedTrials).sorted())
  }
}
