import Foundation
import Metrics
import Results
import Simulation
import Suite
import Synchronization
import Testing

/// The final parameters of every cell of `Scenarios/smoke.yaml`, which runs every component.
///
/// The recorded digests hold for every build (debug, release, without fused multiply-add
/// instructions), every machine and every number of threads. `RECORD_DIGESTS=1` records them anew
/// and fails, so that a run that recorded is never green.
@Suite struct SmokeDigestTests {
  private struct Recorded: Codable, Equatable {
    var engine: Int
    var scenario: String
    /// SHA-256 of the final parameters by cell and seed.
    var digests: [String: String]
  }

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let file = root.appendingPathComponent("Baselines/smoke-digests.json")

  @Test func everyBuildGivesTheRecordedParameters() throws {
    let now = Recorded(
      engine: Engine.number, scenario: "smoke", digests: try digests(jobs: 2, threadsPerTrial: 1))
    if ProcessInfo.processInfo.environment["RECORD_DIGESTS"] == "1" {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      try encoder.encode(now).write(to: Self.file)
      Issue.record("recorded new digests")
      return
    }
    let recorded = try JSONDecoder().decode(Recorded.self, from: Data(contentsOf: Self.file))
    #expect(now.engine == recorded.engine)
    #expect(now.digests.keys.sorted() == recorded.digests.keys.sorted())
    for (cell, digest) in now.digests.sorted(by: { $0.key < $1.key }) {
      #expect(digest == recorded.digests[cell], "\(cell)")
    }
  }

  @Test(arguments: [(1, 1), (2, 1), (2, 2), (5, 1), (5, 5)])
  func anyNumberOfThreadsGivesTheSameParameters(jobs: Int, threadsPerTrial: Int) throws {
    let reference = try JSONDecoder().decode(Recorded.self, from: Data(contentsOf: Self.file))
    let digests = try digests(jobs: jobs, threadsPerTrial: threadsPerTrial)
    #expect(digests.count == reference.digests.count)
    for (cell, digest) in digests.sorted(by: { $0.key < $1.key }) {
      #expect(digest == reference.digests[cell], "\(cell)")
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

  private func digests(jobs: Int, threadsPerTrial: Int) throws -> [String: String] {
    var digests: [String: String] = [:]
    for record in try records(jobs: jobs, threadsPerTrial: threadsPerTrial) {
      #expect(record.status == .ok, "\(record.cell): \(record.message ?? "")")
      digests["\(record.cell) seed=\(record.seed)"] = record.parametersSHA256
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
