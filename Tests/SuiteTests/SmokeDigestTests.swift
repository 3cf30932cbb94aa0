import Components
import Federation
import Foundation
import Gating
import Metrics
import Results
import Simulation
import Suite
import Synchronization
import Testing

/// The final parameters of every cell of `Scenarios/smoke.yaml`, `smoke-attacks.yaml` and
/// `smoke-full.yaml`, which run every component.
///
/// The digests in their baselines hold for every build (debug, release, without fused
/// multiply-add instructions), every machine and every number of threads.
@Suite struct SmokeDigestTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let scenarios = ["smoke", "smoke-attacks", "smoke-full"]

  @Test(arguments: scenarios) func everyBuildGivesTheRecordedParameters(_ name: String) throws {
    let baseline = try baseline(name)
    #expect(baseline.origin.engine == Engine.number)
    let recorded = recorded(in: baseline)
    let now = try digests(name, jobs: 2, threadsPerTrial: 1)
    #expect(now.keys.sorted() == recorded.keys.sorted())
    for (cell, digest) in now.sorted(by: { $0.key < $1.key }) {
      #expect(digest == recorded[cell], "\(cell)")
    }
  }

  @Test(arguments: scenarios, [(1, 1), (2, 1), (2, 2), (5, 1), (5, 5)])
  func anyNumberOfThreadsGivesTheSameParameters(
    _ name: String, threads: (jobs: Int, perTrial: Int)
  ) throws {
    let recorded = recorded(in: try baseline(name))
    let digests = try digests(name, jobs: threads.jobs, threadsPerTrial: threads.perTrial)
    #expect(digests.count == recorded.count)
    for (cell, digest) in digests.sorted(by: { $0.key < $1.key }) {
      #expect(digest == recorded[cell], "\(cell)")
    }
  }

  /// Records are equal too, but for times.
  @Test(arguments: scenarios) func recordsDoNotDependOnThreads(_ name: String) throws {
    let one = try records(name, jobs: 1, threadsPerTrial: 1)
    let five = try records(name, jobs: 5, threadsPerTrial: 2)
    #expect(one.count == five.count)
    for (a, b) in zip(one, five) { #expect(withoutTimes(a) == withoutTimes(b)) }
  }

  /// A rule that is brought farther from the honest mean than is proven has a fault.
  @Test func noTrialExceedsAProvenBound() throws {
    var checked = 0
    for name in Self.scenarios {
      let records = try records(name, jobs: 2, threadsPerTrial: 1)
      for defense in try file(name).variants.flatMap(\.scenario.defenses)
      where defense.stages.isEmpty {
        let entry = try Catalog.builtIn.aggregator(defense.rule.use)
        guard let bound = entry.bound else { continue }
        for record in records where record.defense == defense.id {
          guard let kappa = record.metrics["influence.kappa"] ?? nil,
            let n = record.resolved["participants"], let attackers = record.resolved["attackers"],
            attackers == record.resolved["f"] ?? attackers, 2 * attackers < n
          else { continue }
          checked += 1
          let proven = bound.value(n: Int(n), f: Int(attackers))
          #expect(kappa <= proven, "\(record.cell): \(kappa) of \(proven)")
        }
      }
    }
    #expect(checked > 0)
  }

  @Test func everyComponentRuns() throws {
    var used: Set<String> = []
    for name in Self.scenarios {
      for variant in try file(name).variants {
        for attack in variant.scenario.attacks {
          used.formUnion(([attack.choice] + attack.modifiers).map(\.use.rawValue))
        }
        for defense in variant.scenario.defenses {
          used.formUnion(
            (defense.stages + [defense.rule] + defense.finishers).map(\.use.rawValue))
        }
      }
    }
    let catalog = Catalog.builtIn
    let known =
      catalog.attacks.map(\.manifest.id) + catalog.modifiers.map(\.manifest.id)
      + catalog.aggregators.map(\.manifest.id) + catalog.stages.map(\.manifest.id)
      + catalog.finishers.map(\.manifest.id)
    #expect(known.map(\.rawValue).filter { !used.contains($0) } == [])
  }

  private func withoutTimes(_ record: TrialRecordV1) -> TrialRecordV1 {
    var copy = record
    for id in TimingMetrics.ids { copy.metrics[id] = .some(nil) }
    return copy
  }

  private func file(_ name: String) throws -> ScenarioFile {
    let path = Self.root.appendingPathComponent("Scenarios/\(name).yaml").path
    return try ScenarioFile(path: path, catalog: .builtIn)
  }

  private func baseline(_ name: String) throws -> BaselineV1 {
    try BaselineV1(path: Self.root.appendingPathComponent("Baselines/\(name).json").path)
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

  private func digests(
    _ name: String, jobs: Int, threadsPerTrial: Int
  ) throws -> [String: String] {
    var digests: [String: String] = [:]
    for record in try records(name, jobs: jobs, threadsPerTrial: threadsPerTrial) {
      #expect(record.status == .ok, "\(record.cell): \(record.message ?? "")")
      let digest = try #require(record.parametersSHA256)
      digests["\(record.cell) seed=\(record.seed)"] = String(
        digest.prefix(BaselineV1.digestLength))
    }
    return digests
  }

  private func records(
    _ name: String, jobs: Int, threadsPerTrial: Int
  ) throws -> [TrialRecordV1] {
    let plan = try Plan(file(name), catalog: .builtIn)
    let runner = Runner(
      plan: plan, metrics: .builtIn, jobs: jobs, threadsPerTrial: threadsPerTrial)
    let records = Mutex<[TrialRecordV1]>([])
    _ = try runner.run(stop: StopSignal(), onProgress: { _ in }) { trial in
      records.withLock { $0.append(trial.record) }
    }
    return records.withLock { $0 }
  }
}
