import Diagnostics
import Foundation
import Leaderboards
import Metrics
import Results
import Simulation
import Studies
import Suite
import Synchronization

/// Runs trials of an entry again, by the scenario beside its results.
struct EntryRuns {
  let check: EntryCheck
  private let jobs: Int
  private let stop: StopSignal

  /// - Throws: ``Failure`` for an entry of another engine or without a plan.
  init(_ check: EntryCheck, jobs: Int?, stop: StopSignal) throws {
    self.check = check
    self.jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    self.stop = stop
    let results = check.results
    guard results.manifest.engine == Engine.number else {
      throw Failure(
        "\(check.folder): is of engine \(results.manifest.engine), and this is engine "
          + "\(Engine.number)")
    }
    guard results.plan != nil else { throw Failure("\(scenario): \(results.planningProblem)") }
  }

  private var scenario: String { UserPath.joined(check.results.folder, Entry.scenarioName) }

  /// The trials of the entry.
  var own: [TrialRecordV1] {
    check.results.study.results.records.filter { $0.defense == check.entry.defense }
  }

  /// Runs those of some trials that are wanted, until there is a stop; what they are compared to runs
  /// with them.
  func run(_ wanted: Set<TrialIdentity>) throws -> [TrialRecordV1] {
    // What is not wanted counts as done, so that only the wanted runs.
    try run(
      seeds: Set(own.map(\.seed)).sorted(), only: Self.selection(check.entry.defense),
      recorded: check.results.study.results.records.filter { !wanted.contains($0.identity) }
    ) { wanted.contains($0.identity) }
  }

  /// Runs a cell with other seeds.
  func run(_ cell: CellID, seeds: [Int]) throws -> [TrialRecordV1] {
    guard let selection = Self.selection(cell.defense, attack: cell.attack) else {
      throw Failure("\(check.folder): no --only can name \(excerpt(cell.attack))")
    }
    return try run(seeds: seeds, only: selection, recorded: []) { $0.cellID == cell }
  }

  private func run(
    seeds: [Int], only selection: Selection?, recorded: [TrialRecordV1],
    _ isWanted: @escaping @Sendable (TrialRecordV1) -> Bool
  ) throws -> [TrialRecordV1] {
    let plan = try Plan(
      path: scenario, catalog: .builtIn, options: Entries.options(seeds, only: selection))
    let runner = Runner(
      plan: plan, metrics: .builtIn, jobs: jobs, recorded: recorded,
      memory: try MemoryLimit.current(environment: ProcessInfo.processInfo.environment))
    let found = Mutex<[TrialRecordV1]>([])
    do {
      _ = try runner.run(stop: stop, patience: .seconds(2), onProgress: { _ in }) { trial in
        if isWanted(trial.record) { found.withLock { $0.append(trial.record) } }
      }
    } catch let error as RepetitionError {
      // A trial that the others are compared to differs, which says as much.
      Console.error("\(error)")
    }
    return found.withLock { $0 }
  }

  /// The cells of the defense and the attack alone, where an expression can name them.
  private static func selection(_ defense: String, attack: String? = nil) -> Selection? {
    let isPlain = (defense + (attack ?? "")).utf8.allSatisfy { byte in
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.".utf8.contains(byte)
    }
    guard isPlain else { return nil }
    return try? Selection("defense=\(defense)" + (attack.map { " attack=\($0)" } ?? ""))
  }
}
