import ArgumentParser
import Diagnostics
import Foundation
import Gating
import Metrics
import Reporting
import Results
import Simulation
import Studies
import Suite

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Trains every cell of a scenario and writes a folder of results.",
    usage: "gauntlet run <scenario> --output <folder> [options]",
    discussion: """
      Ends with one table per score: attacks down, defenses across. The folder gets trials.jsonl, \
      trials.csv, rounds.csv and run.json. The same command goes on where a run ended, whatever \
      ended it: trials that are in the folder are skipped, failed ones run again, and one that was in the \
      middle goes on from its last checkpoint. With --shard it runs \
      one of several parts of about equal work, each in a folder of its own; 'merge' joins them.
      """)

  @OptionGroup var options: ScenarioOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder for the results.", valueName: "folder"))
  var output: String

  @OptionGroup var sharding: ShardOptions

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

  @Option(
    help: ArgumentHelp(
      "How long a trial computes before it writes where it is, for a run that is killed to go on from: "
        + "a time, 0s for after each round, or never. (default: 10m)", valueName: "time"))
  var checkpoint: CheckpointInterval?

  @Flag(
    inversion: .prefixedNo, exclusivity: .exclusive,
    help: "Whether to write rounds.csv, what happened in each round, the largest of the files.")
  var rounds = true

  @Flag(name: [.customShort("n"), .long], help: "Say what would be run, and write nothing.")
  var dryRun = false

  @OptionGroup var dumps: DumpOptions

  @Option(
    help: ArgumentHelp(
      "How to show progress; auto is a bar on a terminal and lines elsewhere.", valueName: "mode"))
  var progress: ProgressMode = .auto

  @Option(
    help: ArgumentHelp("When to color the tables; auto heeds NO_COLOR.", valueName: "when"))
  var color: ColorMode = .auto

  @OptionGroup var volume: QuietOption

  func validate() throws {
    try options.requireScenario()
    if let jobs, jobs < 1 || jobs > 4096 {
      throw ValidationError("--jobs has to be a number from 1 to 4096, not \(jobs)")
    }
    if output.isEmpty { throw ValidationError("--output is empty") }
  }

  func run() throws {
    // First of all: planning and reading what is there may take a while, too.
    let stop = StopSignal()
    let reporter = ProgressReporter(mode: volume.quiet ? .none : progress)
    let planning = PlanningWatch(after: Self.patience) { [output] in
      reporter.interrupt(Self.stoppedEarly(output))
    }
    let signals = SignalWatch(stop) {
      reporter.interrupt("stopping: \(Self.outlook); once more quits at once")
      planning.stop()
    }
    let timer = deadline.map { time in
      DeadlineWatch(stop, after: time.duration) {
        reporter.interrupt("the deadline is there: stopping; \(Self.outlook)")
        planning.stop()
      }
    }
    defer {
      timer?.cancel()
      signals.cancel()
    }
    try reportingErrors {
      let plan = try options.plan()
      planning.end()
      let cut = try sharding.cut(plan)
      let part = cut.map { $0.shards[$0.chosen] }
      let places = part?.places ?? plan.trials.indices
      if stop.isStopped { try stopEarly() }
      try dumps.check(plan)
      if dryRun {
        try describe(plan, places)
        if stop.isStopped { throw ExitCode.stopped }
        return
      }
      var altered = fresh ? [] : LoadedFiles.altered(in: output)
      let writer = try ResultWriter(
        folder: output, layout: plan.roundsLayout(.builtIn, metrics: .builtIn), fresh: fresh,
        run: plan.expectedRun, ranges: .builtIn, keepsRounds: rounds)
      let there = writer.found.latest
      if writer.found.tornLine != nil {
        Console.note("\(output): dropped the last line of trials.jsonl, which broke off")
      }
      if !writer.lackingRounds.isEmpty {
        Console.note(
          "\(output)/rounds.csv lacks rows of \(counted(writer.lackingRounds.count, "trial")): "
            + (writer.lackingRounds.count == 1 ? "it runs again" : "they run again"))
      }
      var manifest = RunInfo.manifest(of: plan, places: part?.places)
      manifest.shard = cut.map { shards, chosen in
        RunManifestV1.Shard(
          number: chosen.number, count: chosen.count, first: places.lowerBound,
          trials: places.count, planned: plan.trials.count)
      }
      // Without trials it says nothing about what is there.
      if let previous = writer.previous, !there.isEmpty {
        manifest = manifest.continuing(previous)
        // Of a file that was written anew nothing is left that was changed.
        let hasRows = there.contains { $0.status == .ok && $0.rounds > 0 }
        altered.removeAll { $0 == ResultFolder.roundsName && !hasRows }
        manifest.markAltered(altered)
      }
      manifest.withoutRounds = writer.leavesRoundsOut ? true : nil
      try writer.write(manifest)
      let keeper = try dumps.keeper(of: plan, in: output, recorded: there, fresh: fresh)

      let checkpoints = checkpointFolder()
      if fresh { CheckpointFolder.remove(from: output) }
      let threads = jobs ?? ProcessInfo.processInfo.activeProcessorCount
      let memory = try MemoryLimit.current(environment: ProcessInfo.processInfo.environment)
      let runner = Runner(
        plan: plan, metrics: .builtIn, jobs: threads, recorded: there, share: places,
        memory: memory, observer: keeper.observer, checkpoints: checkpoints)
      if runner.isShortOfMemory {
        Console.note(
          counted(runner.trialThreads, "trial") + " at once: no more fit in "
            + "\(MemoryAmount.text(memory.byteCount)) of memory (\(memory.origin))")
      }
      let collected = try Collector(writer, plan: plan, places: places, recorded: there)
      let total =
        counted(places.count, "trial") + (cut.map { " of shard \($0.chosen.text)" } ?? "")
      if !there.isEmpty, runner.workload.recordedCount > 0 {
        Console.note("resuming: \(runner.workload.finishedCount) of \(total) are there")
      }
      for name in altered where !there.isEmpty {
        Console.note(
          "\(output)/\(name): was changed since its run ended; run.json says so from now on")
      }
      let summary: Runner.Summary
      do {
        defer { reporter.finish() }
        summary = try runner.run(
          stop: stop, patience: Self.patience, stopsAtFailure: failFast, onProgress: reporter.update
        ) { trial in
          try keeper.take(trial.record)
          try collected.take(trial)
          reporter.note(trial.record)
        }
      } catch {
        if case ResultError.lost = error { throw error }
        Console.note("\(output) holds \(collected.plannedRecords.count) of \(total)")
        throw error
      }
      timer?.cancel()

      manifest.finished = RunInfo.now()
      manifest.count(collected.records)
      if !summary.isStopped { CheckpointFolder.remove(from: output, keepsTrials: true) }
      let order = MetricCatalog.builtIn.metrics.flatMap { $0.manifests.map(\.id) }
      let ending = Result { try collected.finish(manifest, metricOrder: order) }
      // A disk that filled up at the end keeps nobody from the numbers.
      let records = collected.plannedRecords
      let showing = Result { if !records.isEmpty, !volume.quiet { try show(records, plan) } }
      try ending.get()
      // With the terminal gone there is nobody to show anything to.
      if !summary.isStopped { try showing.get() }
      try conclude(
        summary, runner.workload, there: records.count, of: total,
        after: Durations.text(reporter.elapsed))
    }
  }

  /// Where trials keep how far they are; `nil`: nowhere.
  private func checkpointFolder() -> CheckpointFolder? {
    guard case .every(let interval) = checkpoint ?? .standard else { return nil }
    return CheckpointFolder(
      path: UserPath.joined(output, CheckpointFolder.name), interval: interval
    ) { Console.note($0) }
  }

  /// Ends a run that was stopped before anything was read or written.
  private func stopEarly() throws {
    Console.note(Self.stoppedEarly(output))
    throw ExitCode.stopped
  }

  private static func stoppedEarly(_ output: String) -> String {
    "stopped before the first trial: \(output) is as it was; the same command goes on"
  }

  private static let outlook =
    "the next run goes on with trials in hand from their checkpoints, or anew"

  /// How long a step that cannot be ended in the middle may go on after a stop.
  private static let patience = Duration.seconds(2)

  private func describe(_ plan: Plan, _ places: Range<Int>) throws {
    let there = fresh ? [] : try LoadedFiles.recorded(plan, in: output)
    let workload = Workload(plan, recorded: there, share: places)
    var rows = [
      ["trials to run", "\(workload.recordedCount)"],
      ["finished already", "\(workload.finishedCount)"],
      ["of these run again for comparison", "\(workload.repeatedCount)"],
      ["rounds to run", "\(workload.roundCount)"],
    ]
    if places != plan.trials.indices {
      rows.insert(["of other shards run for comparison", "\(workload.borrowedCount)"], at: 3)
    }
    try Console.print(ListTable(header: ["what", "count"], rows: rows).text())
    try Console.print("of " + plan.counts.text)
  }

  private func show(_ records: [TrialRecordV1], _ plan: Plan) throws {
    let tables = ScoreTables(
      records, scores: Score.shown, attackOrder: plan.trials.map(\.attack).uniqued(),
      defenseOrder: plan.trials.map(\.defense).uniqued(), markedFlags: Scores.markedFlags,
      references: ReferenceIDs(plan.resultSet(records)))
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
