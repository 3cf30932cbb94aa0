import ArgumentParser
import Crypto
import Foundation
import Metrics
import Reporting
import Results
import Simulation
import Suite
import Synchronization

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Trains every cell of a scenario and writes a folder of results.",
    usage: "gauntlet run <scenario> --output <folder> [options]",
    discussion: """
      Ends with one table per score: attacks down, defenses across. The folder gets trials.jsonl, \
      trials.csv, rounds.csv and run.json.
      """)

  @OptionGroup var options: ScenarioOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder for the results.", valueName: "folder"))
  var output: String

  @Option(
    name: [.customShort("j"), .long],
    help: ArgumentHelp(
      "Threads; the results do not depend on it. (default: one per core)", valueName: "number"))
  var jobs: Int?

  @Flag(help: "Replace results that are already in the folder.")
  var fresh = false

  @Option(
    help: ArgumentHelp(
      "How to show progress; auto is a bar on a terminal and lines elsewhere.", valueName: "mode"))
  var progress: ProgressMode = .auto

  @Option(
    help: ArgumentHelp("When to color the tables; auto heeds NO_COLOR.", valueName: "when"))
  var color: ColorMode = .auto

  func validate() throws {
    if let jobs, jobs < 1 || jobs > 4096 {
      throw ValidationError("--jobs has to be a number from 1 to 4096, not \(jobs)")
    }
    if output.isEmpty { throw ValidationError("--output is empty") }
  }

  func run() throws {
    try reportingErrors {
      let plan = try options.plan()
      var manifest = RunInfo.manifest(of: plan)
      let writer = try ResultWriter(folder: output, fresh: fresh)
      try writer.write(manifest)

      let threads = jobs ?? ProcessInfo.processInfo.activeProcessorCount
      let runner = Runner(plan: plan, metrics: .builtIn, jobs: threads)
      let collected = Collector(writer)
      let reporter = ProgressReporter(mode: progress)
      let stop = StopSignal()
      let signals = SignalWatch(stop) {
        reporter.interrupt("stopping after the rounds in hand; once more quits at once")
      }
      let summary: Runner.Summary
      do {
        defer { reporter.finish() }
        summary = try runner.run(stop: stop, onProgress: reporter.update) { trial in
          try collected.take(trial)
          reporter.note(trial.record)
        }
      } catch {
        Console.note("\(output) holds \(collected.records.count) of \(plan.trials.count) trials")
        throw error
      }
      signals.cancel()

      let records = collected.records
      manifest.finished = RunInfo.now()
      manifest.counts = Dictionary(records.map { ($0.status.rawValue, 1) }, uniquingKeysWith: +)
      let order = MetricCatalog.builtIn.metrics.flatMap { $0.manifests.map(\.id) }
      let ending = Result { try collected.finish(manifest, metricOrder: order) }
      // A disk that filled up at the end keeps nobody from the numbers.
      if !records.isEmpty { try show(records, plan) }
      try ending.get()
      try conclude(summary, plan, after: Durations.text(reporter.elapsed))
    }
  }

  private func show(_ records: [TrialRecordV1], _ plan: Plan) throws {
    let tables = ScoreTables(
      records, scores: Scores.shown, attackOrder: plan.trials.map(\.attack).uniqued(),
      defenseOrder: plan.trials.map(\.defense).uniqued(), markedFlags: Scores.markedFlags)
    try Console.print(tables.text(width: Terminal.outputWidth, color: color.isOn))
  }

  private func conclude(_ summary: Runner.Summary, _ plan: Plan, after time: String) throws {
    for record in summary.failed {
      Console.error("\(record.cell), seed \(record.seed): \(record.message ?? "failed")")
    }
    if summary.isStopped {
      Console.note(
        "stopped after \(time): \(summary.recorded) of \(counted(plan.trials.count, "trial")) "
          + "are in \(output)")
      throw ExitCode.stopped
    }
    if !summary.failed.isEmpty {
      Console.error("\(summary.failed.count) of \(counted(plan.trials.count, "trial")) failed")
      throw ExitCode.failed
    }
    Console.note("\(counted(summary.recorded, "trial")) in \(time), results in \(output)")
  }
}

/// Writes trials as they come and keeps their records for the tables.
final class Collector: Sendable {
  private struct State {
    let writer: ResultWriter
    var records: [TrialRecordV1] = []
  }

  private let state: Mutex<State>

  init(_ writer: sending ResultWriter) {
    state = Mutex(State(writer: writer))
  }

  var records: [TrialRecordV1] { state.withLock { $0.records } }

  /// The rounds first: they are complete for every trial in the log.
  func take(_ trial: FinishedTrial) throws(ResultError) {
    try state.withLock { (state) throws(ResultError) in
      try state.writer.append(rounds: trial.rounds)
      try state.writer.append(trial.record)
      state.records.append(trial.record)
    }
  }

  func finish(_ manifest: RunManifestV1, metricOrder: [String]) throws(ResultError) {
    try state.withLock { (state) throws(ResultError) in
      try state.writer.finish(manifest, metricOrder: metricOrder, digest: RunInfo.fileDigest)
    }
  }
}
