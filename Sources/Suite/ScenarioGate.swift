public import Diagnostics
public import Federation
import Foundation
public import Gating
public import Metrics
import Results
public import Simulation
import Synchronization

/// A scenario with its baseline: runs the one through the engine and holds it against the other.
///
/// What a test target needs to gate an aggregator of its own: `cells` are the arguments of a
/// parameterized test, `findings(of:)` is what each of them checks. The scenario runs once, when
/// findings are first asked for.
public final class ScenarioGate: Sendable {
  public let plan: Plan
  public let baseline: BaselineV1
  public let gate: Gate
  private let metrics: MetricCatalog
  private let report = Mutex<Result<GateReport, any Error>?>(nil)

  /// Reads both files and plans the scenario; nothing is trained yet.
  ///
  /// - Parameters:
  ///   - scenario: The path of the scenario.
  ///   - baseline: The path of the baseline.
  ///   - catalog: The components that the scenario may name, yours among them.
  ///   - metrics: What is measured.
  ///   - gate: How to compare; by default by the policy of the baseline, as of today.
  /// - Throws: `DocumentError` with every problem of either file.
  public init(
    scenario: String, baseline: String, catalog: Catalog = .builtIn,
    metrics: MetricCatalog = .builtIn, gate: Gate? = nil
  ) throws(DocumentError) {
    plan = try Self.plan(scenario, catalog)
    self.baseline = try BaselineV1(path: baseline, ranges: MetricRanges(metrics))
    self.metrics = metrics
    self.gate = gate ?? Gate(today: String(RunManifestV1.timestamp(Date()).prefix(10)))
  }

  /// The names of all cells of the scenario that can run, and of the baseline, each once, in the
  /// order of the plan.
  public var cells: [String] {
    var seen: Set<String> = []
    return
      (plan.trials.filter { $0.feasibility == .ready }.map(\.cell) + baseline.cells.map(\.name))
      .filter {
        seen.insert($0).inserted
      }
  }

  /// Runs the scenario, if that has not been done, and compares.
  ///
  /// - Throws: what ended the run.
  public func check() throws -> GateReport {
    try report.withLock { report in
      if let report { return report }
      let fresh = Result { gate.check(try Self.run(plan, metrics), against: baseline) }
      report = fresh
      return fresh
    }.get()
  }

  /// The findings of one cell, at least one: where there is nothing to compare, its verdict is
  /// `missing`.
  public func findings(of cell: String) throws -> [Finding] {
    let report = try check()
    let findings = report.findings.filter { $0.cell == cell }
    guard findings.isEmpty else { return findings }
    let trial = plan.trials.first { $0.cell == cell }
    let isKnown = baseline.cells.contains { $0.name == cell }
    return [
      Finding(
        attack: trial?.attack ?? "", defense: trial?.defense ?? "", axes: trial?.axes ?? [:],
        cell: cell, metric: "", better: .none, verdict: .missing, tolerance: 0,
        reason: isKnown ? "neither side has a number" : "the baseline has no such cell")
    ]
  }

  /// Runs a scenario and records what it gives as its baseline, with the default policy; a baseline
  /// that is there is replaced and keeps its policy and its history.
  ///
  /// - Parameters:
  ///   - scenario: The path of the scenario.
  ///   - path: The path of the baseline.
  ///   - why: For the history of the baseline.
  ///   - catalog: The components that the scenario may name.
  ///   - metrics: What is measured.
  /// - Throws: `DocumentError`, `BaselineError` for failed trials, or what keeps the file from
  ///   being written.
  public static func record(
    scenario: String, to path: String, why: String, catalog: Catalog = .builtIn,
    metrics: MetricCatalog = .builtIn
  ) throws {
    let plan = try plan(scenario, catalog)
    var policy = Policy.gating(metrics)
    let results = try run(plan, metrics)
    policy.watchUndefendedCells(results.undefendedIDs)
    let old =
      FileManager.default.fileExists(atPath: path)
      ? try BaselineV1(path: path, ranges: MetricRanges(metrics)) : nil
    if let old, old.origin.scenario != plan.name {
      throw BaselineError.incomparable(
        "\(path) is of the scenario '\(old.origin.scenario)', not '\(plan.name)'")
    }
    var baseline = try BaselineV1(
      recording: results, policy: old?.policy ?? policy, tool: "gauntlet library",
      now: RunManifestV1.timestamp(Date()), why: why)
    baseline.history = (old?.history ?? []) + baseline.history
    try TextFile.replace(path, with: baseline.text)
  }

  private static func plan(_ path: String, _ catalog: Catalog) throws(DocumentError) -> Plan {
    try Plan(
      ScenarioFile(path: path, catalog: catalog), catalog: catalog,
      options: .init(environment: ProcessInfo.processInfo.environment))
  }

  private static func run(_ plan: Plan, _ metrics: MetricCatalog) throws -> ResultSet {
    let records = Mutex<[TrialRecordV1]>([])
    let runner = Runner(
      plan: plan, metrics: metrics, jobs: ProcessInfo.processInfo.activeProcessorCount)
    _ = try runner.run(stop: StopSignal(), onProgress: { _ in }) { trial in
      records.withLock { $0.append(trial.record) }
    }
    return plan.resultSet(records.withLock { $0 })
  }
}
