import ArgumentParser
import Foundation
import Metrics
import Reporting
import Results
import Simulation
import Suite

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Trains every cell of a scenario and writes a folder of results.",
    usage: "gauntlet run <scenario> --output <folder> [options]",
    discussion: """
      Ends with one table per score: attacks down, defenses across. The folder gets trials.jsonl, \
      trials.csv, rounds.csv and run.json. The same command goes on where a run ended, whatever \
      ended it: trials that are in the folder are skipped, failed ones run again.
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

  @Flag(help: "Stop at the first trial that fails.")
  var failFast = false

  @Option(
    help: ArgumentHelp(
      "Stop after this time, such as 3h50m, 90s or seconds, with whole files and exit code 75.",
      valueName: "time"))
  var deadline: TimeSpan?

  @Flag(name: [.customShort("n"), .long], help: "Say what would be run, and write nothing.")
  var dryRun = false

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
    // First of all: planning and reading what is there may take a while, too.
    let stop = StopSignal()
    let reporter = ProgressReporter(mode: progress)
    let signals = SignalWatch(stop) {
      reporter.interrupt("stopping after the rounds in hand; once more quits at once")
    }
    let timer = deadline.map { time in
      DeadlineWatch(stop, after: time.duration) {
        reporter.interrupt("the deadline is there: stopping after the rounds in hand")
      }
    }
    defer {
      timer?.cancel()
      signals.cancel()
    }
    try reportingErrors {
      let plan = try options.plan()
      if stop.isStopped { try stopEarly() }
      if dryRun {
        try describe(plan)
        if stop.isStopped { throw ExitCode.stopped }
        return
      }
      let writer = try ResultWriter(
        folder: output, layout: plan.roundsLayout(.builtIn, metrics: .builtIn), fresh: fresh,
        run: plan.expectedRun)
      let there = writer.found.latest
      if writer.found.tornLine != nil {
        Console.note("\(output): dropped the last line of trials.jsonl, which broke off")
      }
      var manifest = RunInfo.manifest(of: plan)
      // Without trials it says nothing about what is there.
      if let previous = writer.previous, !there.isEmpty { manifest = manifest.continuing(previous) }
      try writer.write(manifest)

      let threads = jobs ?? ProcessInfo.processInfo.activeProcessorCount
      let runner = Runner(plan: plan, metrics: .builtIn, jobs: threads, recorded: there)
      let collected = try Collector(writer, plan: plan, recorded: there)
      let total = counted(plan.trials.count, "trial")
      if !there.isEmpty, runner.workload.recordedCount > 0 {
        Console.note("resuming: \(runner.workload.finishedCount) of \(total) are there")
      }
      let summary: Runner.Summary
      do {
        defer { reporter.finish() }
        summary = try runner.run(
          stop: stop, stopsAtFailure: failFast, onProgress: reporter.update
        ) { trial in
          try collected.take(trial)
          reporter.note(trial.record)
        }
      } catch {
        Console.note("\(output) holds \(collected.plannedRecords.count) of \(total)")
        throw error
      }
      timer?.cancel()

      manifest.finished = RunInfo.now()
      manifest.count(collected.records)
      let order = MetricCatalog.builtIn.metrics.flatMap { $0.manifests.map(\.id) }
      let ending = Result { try collected.finish(manifest, metricOrder: order) }
      // A disk that filled up at the end keeps nobody from the numbers.
      let records = collected.plannedRecords
      if !records.isEmpty { try show(records, plan) }
      try ending.get()
      try conclude(
        summary, runner.workload, there: records.count, of: total,
        after: Durations.text(reporter.elapsed))
    }
  }

  /// Ends a run that was stopped before anything was read or written.
  private func stopEarly() throws {
    Console.note(
      "stopped before the first trial: \(output) is as it was; the same command goes on")
    throw ExitCode.stopped
  }

  private func describe(_ plan: Plan) throws {
    let there = fresh ? [] : try LoadedFiles.recorded(plan, in: output)
    let workload = Workload(plan, recorded: there)
    let rows = [
      ["trials to run", "\(workload.recordedCount)"],
      ["finished already", "\(workload.finishedCount)"],
      ["of these run again for comparison", "\(workload.repeatedCount)"],
      ["rounds to run", "\(workload.roundCount)"],
    ]
    try Console.print(ListTable(header: ["what", "count"], rows: rows).text())
  }

  private func show(_ records: [TrialRecordV1], _ plan: Plan) throws {
    let tables = ScoreTables(
      records, scores: Scores.shown, attackOrder: plan.trials.map(\.attack).uniqued(),
      defenseOrder: plan.trials.map(\.defense).uniqued(), markedFlags: Scores.markedFlags)
    try Console.print(tables.text(width: Terminal.outputWidth, color: color.isOn))
  }

  private func conclude(
    _ summary: Runner.Summary, _ workload: Workload, there: Int, of total: String,
    after time: String
  ) throws {
    for record in summary.failed {
      Console.error("\(record.cell), seed \(record.seed): \(record.message ?? "failed")")
    }
    if failFast, summary.isStopped, !summary.failed.isEmpty {
      Console.error("stopped at a failed trial: \(there) of \(total) are in \(output)")
      throw ExitCode.failed
    }
    if summary.isStopped {
      Console.note(
        "stopped after \(time): \(there) of \(total) are in \(output); the same command"
          + (fresh ? " without --fresh" : "") + " goes on")
      throw ExitCode.stopped
    }
    if !summary.failed.isEmpty {
      Console.error("\(summary.failed.count) of \(total) failed")
      throw ExitCode.failed
    }
    if workload.recordedCount == 0 {
      Console.note("nothing to do: all \(total) are in \(output)")
    } else {
      Console.note("\(counted(summary.recorded, "trial")) in \(time), results in \(output)")
    }
  }
}
