import Foundation
import Results
import Simulation
import Suite
import Synchronization

/// Runs of `Scenarios/core.yaml` with parts of the engine replaced.
enum CoreRun {
  private static let path = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Scenarios/core.yaml").path

  /// `GAUNTLET_FAULT_SEEDS` runs that many seeds instead of the five of the scenario, to see what is
  /// beyond the noise of five.
  private static let seeds: [UInt64]? = ProcessInfo.processInfo
    .environment["GAUNTLET_FAULT_SEEDS"].flatMap { UInt64($0) }.map { Array(1...max(1, $0)) }

  /// No number depends on it.
  private static let jobs = max(2, ProcessInfo.processInfo.activeProcessorCount)

  static var hasTheSeedsOfTheScenario: Bool { seeds == nil }

  /// The sound engine's records, with the values of every faulty metric beside the right ones.
  private static let all = Result {
    var fault = Fault.none
    fault.metrics.metrics += faultyMetrics
    fault.metrics.meters += faultyMeters
    return try run(fault)
  }

  /// Returns the records of the sound engine, in plan order; run once.
  static func sound() throws -> [TrialRecordV1] {
    if let records = try studied("core") { return records }
    return try all.get().map { $0.taking(nil) }
  }

  /// Returns the records of the whole scenario, five seeds, in plan order.
  ///
  /// Only what the fault can change is run; the rest is by construction that of the sound engine.
  static func records(_ fault: Fault) throws -> [TrialRecordV1] {
    if let records = try studied("fault-\(fault.name)") { return records }
    if fault.isMisreading { return try all.get().map { $0.taking(fault.name) } }
    guard let cells = fault.cells else { return try run(fault) }
    var faulty: [String: TrialRecordV1] = [:]
    for record in try run(fault, only: cells) where !record.isImplied {
      faulty[record.key] = record
    }
    return try sound().map { faulty[$0.key] ?? $0 }
  }

  /// Returns the records of one seed of the whole scenario, all of them run with the fault.
  static func wholeRun(_ fault: Fault, seed: UInt64) throws -> [TrialRecordV1] {
    try run(fault, seeds: [seed])
  }

  /// Returns the records of a fault, or of the sound engine, as results that a gate can read.
  static func results(_ records: [TrialRecordV1]) throws -> ResultSet {
    let plan = try Plan(ScenarioFile(path: path, catalog: .builtIn), catalog: .builtIn)
    return ResultSet(
      scenario: plan.name, engine: Engine.number, data: plan.data, resolved: plan.resolved,
      records: records)
  }

  /// What ``StudyTests`` wrote of a run, if it did.
  private static func studied(_ name: String) throws -> [TrialRecordV1]? {
    guard let folder = ProcessInfo.processInfo.environment["GAUNTLET_STUDY"],
      FileManager.default.fileExists(atPath: "\(folder)/\(name)/trials.jsonl")
    else { return nil }
    return try ResultFolder.readTrials("\(folder)/\(name)").records
  }

  private static func run(
    _ fault: Fault, only cells: String? = nil, seeds: [UInt64]? = seeds
  ) throws -> [TrialRecordV1] {
    var options = Plan.Options(seeds: seeds)
    if let cells { options.only = try Selection(cells) }
    let plan = try Plan(
      ScenarioFile(path: path, catalog: fault.catalog), catalog: fault.catalog, options: options)
    let runner = Runner(
      plan: plan, metrics: fault.metrics, jobs: jobs, substitutions: fault.substitutions)
    let records = Mutex<[TrialRecordV1]>([])
    _ = try runner.run(stop: StopSignal(), onProgress: { _ in }) { trial in
      records.withLock { $0.append(trial.record) }
    }
    return records.withLock { $0 }
  }
}

extension TrialRecordV1 {
  /// Whether the numbers, times left out, are those of another record.
  func hasResult(of other: TrialRecordV1) -> Bool {
    func timeless(_ record: TrialRecordV1) -> [String: Double?] {
      record.metrics.filter { !TimingMetrics.ids.contains($0.key) }
    }
    return parametersSHA256 == other.parametersSHA256 && timeless(self) == timeless(other)
  }

  /// Returns the record with the values of one faulty metric, those of the others left out.
  fileprivate func taking(_ name: String?) -> TrialRecordV1 {
    func id(_ key: String) -> String? {
      guard let colon = key.firstIndex(of: ":") else { return key }
      return key[..<colon] == name ?? "" ? String(key[key.index(after: colon)...]) : nil
    }
    // Faulty values come last and win.
    func merged<Value>(_ values: [String: Value]) -> [String: Value] {
      let ordered = values.sorted { !$0.key.contains(":") && $1.key.contains(":") }
      return Dictionary(
        ordered.compactMap { key, value in id(key).map { ($0, value) } },
        uniquingKeysWith: { $1 })
    }
    var copy = self
    copy.metrics = merged(metrics)
    copy.absent = merged(absent).filter { copy.metrics[$0.key] == .some(nil) }
    let faulty = Set(metrics.keys.filter { $0.contains(":") }.compactMap(id))
    copy.censored = censored.filter { $0.contains(":") || !faulty.contains($0) }.compactMap(id)
      .sorted()
    return copy
  }
}
