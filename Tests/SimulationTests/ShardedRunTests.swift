import Results
import Testing

@testable import Simulation

/// Plans that are run in parts.
@Suite struct ShardedRunTests {
  /// Seeds 1 and 2; none/mean, none/strict, push/mean, push/strict.
  private func plan(_ overrides: [String] = []) throws -> Plan {
    try Plan(
      try ScenarioText.read(
        ScenarioText.valid, ["clients.count=7", "seeds=[1, 2]"] + overrides),
      catalog: .test)
  }

  private func run(
    _ plan: Plan, share: Range<Int>? = nil, recorded: [TrialRecordV1] = []
  ) throws -> [FinishedTrial] {
    let trials = Log<FinishedTrial>()
    let summary = try Runner(
      plan: plan, metrics: .test, jobs: 2, recorded: recorded, share: share
    ).run(stop: StopSignal(), onProgress: { _ in }, onTrial: { trials.note($0) })
    #expect(!summary.isStopped)
    return trials.entries
  }

  @Test(arguments: 1...9) func `all parts together are the whole`(count: Int) throws {
    let plan = try plan()
    let whole = try run(plan)
    let parts = try PlanShards(plan, count: count).parts.flatMap {
      try run(plan, share: $0.places)
    }
    #expect(parts.map(\.record) == whole.map(\.record))
    #expect(parts.map(\.rounds) == whole.map(\.rounds))
  }

  @Test func `what is compared to in another part runs for its trace alone`() throws {
    let plan = try plan()
    // push/strict with seed 1 is compared to the three before it.
    let workload = Workload(plan, share: 3..<5)
    #expect(workload.indices == [0, 1, 2, 3, 4])
    #expect(workload.recordedCount == 2 && workload.borrowedCount == 3)
    #expect(workload.finishedCount == 0 && workload.repeatedCount == 0)
    #expect(workload.roundCount == 20)
  }

  @Test func `a part that is there is done`() throws {
    let plan = try plan()
    let records = try run(plan, share: 3..<5).map(\.record)
    #expect(records.map(\.cell) == ["push/strict", "none/mean"])
    let workload = Workload(plan, recorded: records, share: 3..<5)
    #expect(workload.indices.isEmpty && workload.finishedCount == 2)
    // The other parts go on in the same folder.
    let rest = try run(plan, share: 0..<3, recorded: records) + run(plan, share: 5..<8)
    let whole = try run(plan)
    #expect(Set(rest.map(\.record) + records) == Set(whole.map(\.record)))
  }

  /// Without the line, a run that goes on would not know that a trial lacks what it is compared to.
  @Test func `a reference of another part that fails is recorded until it runs`() throws {
    let plan = try plan(["seeds=[1]", "defenses=[mean, {use: failing, round: 2}]"])
    let found = try run(plan, share: 3..<4).map(\.record)
    #expect(found.map(\.cell) == ["none/failing", "push/failing"])
    #expect(found.map(\.status) == [.error, .error])
    // The failure is mended: both are recorded anew, and nothing else.
    let sound = try self.plan(["seeds=[1]"])
    let whole = try run(sound).map(\.record)
    var failed = whole[1]
    failed.status = .error
    var lacking = whole[3]
    lacking.metrics["twin"] = .some(nil)
    let rest = try run(sound, share: 3..<4, recorded: [failed, lacking]).map(\.record)
    #expect(rest == [whole[1], whole[3]])
  }
}
