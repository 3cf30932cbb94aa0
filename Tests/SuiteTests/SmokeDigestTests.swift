import Foundation
import Gating
import Metrics
import Results
import Simulation
import Suite
import Synchronization
import Testing

/// The final parameters of every cell of `Scenarios/smoke.yaml`, which runs every component.
///
/// The digests in `Baselines/smoke.json` hold for every build (debug, release, without fused
/// multiply-add instructions), every machine and every number of threads.
@Suite struct SmokeDigestTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test func everyBuildGivesTheRecordedParameters() throws {
    let baseline = try baseline()
    #expect(baseline.origin.engine == Engine.number)
    let recorded = recorded(in: baseline)
    let now = try digests(jobs: 2, threadsPerTrial: 1)
    #expect(now.keys.sorted() == recorded.keys.sorted())
    for (cell, digest) in now.sorted(by: { $0.key < $1.key }) {
      #expect(digest == recorded[cell], "\(cell)")
    }
  }

  @Test(arguments: [(1, 1), (2, 1), (2, 2), (5, 1), (5, 5)])
  func anyNumberOfThreadsGivesTheSameParameters(jobs: Int, threadsPerTrial: Int) throws {
    let recorded = recorded(in: try baseline())
    let digests = try digests(jobs: jobs, threadsPerTrial: threadsPerTrial)
    #expect(digests.count == recorded.count)
    for (cell, digest) in digests.sorted(by: { $0.key < $1.key }) {
      #expect(digest == recorded[cell], "\(cell)")
    }
  }

  /// Records are equal too, but for times.
  @Test func recordsDoNotDependOnThreads() throws {
    let one = try records(jobs: 1, threadsPerTrial: 1)
    let five = try records(jobs: 5, threadsPerTrial: 2)
    #expect(one.count == five.count)
    for (a, b) in zip(one, five) { #expect(withoutTimes(a) == withoutTimes(b)) }
  }

  private func withoutTimes(_ record: TrialRecordV1) -> TrialRecordV1 {
    var copy = record
    for id in copy.metrics.keys where id.hasPrefix("cost.") { copy.metrics[id] = .some(nil) }
    return copy
  }

  private func baseline() throws -> BaselineV1 {
    try BaselineV1(path: Self.root.appendingPathComponent("Baselines/smoke.json").path)
  }

  /// The digests by cell and seed, as far as a baseline holds them.
  private func recorded(in baseline: BaselineV1) -> [String: String] {
    var digests: [String: String] = [:]
    for cell in baseline.cells {
      for (seed, digest) in zip(cell.seeds, cell.parameters) {
        digests["\(cell.name) seed=\(seed)"] = digest
      }
    }
    return digests
  }

  private func digests(jobs: Int, threadsPerTrial: Int) throws -> [String: String] {
    var digests: [String: String] = [:]
    for record in try records(jobs: jobs, threadsPerTrial: threadsPerTrial) {
      #expect(record.status == .ok, "\(record.cell): \(record.message ?? "")")
      let digest = try #require(record.parametersSHA256)
      digests["\(record.cell) seed=\(record.seed)"] = String(
        digest.prefix(BaselineV1.digestLength))
    }
    return digests
  }

  private func records(jobs: Int, threadsPerTrial: Int) throws -> [TrialRecordV1] {
    let path = Self.root.appendingPathComponent("Scenarios/smoke.yaml").path
    let plan = try Plan(ScenarioFile(path: path), catalog: .builtIn)
    let runner = Runner(
      plan: plan, metrics: .builtIn, jobs: jobs, threadsPerTrial: threadsPerTrial)
    let records = Mutex<[TrialRecordV1]>([])
    _ = try runner.run(stop: StopSignal(), onProgress: { _ in }) { trial in
      records.withLock { $0.append(trial.record) }
    }
    return records.withLock { $0 }
  }
}
