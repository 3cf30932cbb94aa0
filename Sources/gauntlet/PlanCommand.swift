import ArgumentParser
import Foundation
import Markup
import Reporting
import Results
import Simulation

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Lists the cells that a run would go through.",
    usage: "gauntlet plan <scenario> [options]")

  @OptionGroup var options: ScenarioOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A folder of results: say how many trials of each cell are done.", valueName: "folder"))
  var output: String?

  @Flag(help: "Print every trial with its key, tab-separated.")
  var keys = false

  @OptionGroup var sharding: ShardOptions

  @OptionGroup var volume: QuietOption

  func validate() throws {
    try options.requireScenario()
    if keys, output != nil {
      throw ValidationError("--keys lists trials, and --output says how many are done: give one")
    }
  }

  func run() throws {
    try reportingErrors {
      let plan = try options.plan()
      let cut = try sharding.cut(plan)
      let places = cut.map { $0.shards[$0.chosen].places } ?? plan.trials.indices
      if keys {
        for trial in plan.trials[places] {
          try Console.print("\(trial.key)\t\(trial.cell)\t\(trial.seed)")
        }
        return
      }
      let there = try output.map { try LoadedFiles.recorded(plan, in: $0) }
      if !volume.quiet {
        let shown = cut.map { shardTable($0.shards) } ?? table(plan, there)
        try Console.print(shown.text(width: Terminal.planWidth))
      }
      try Console.print(plan.counts.text)
      for step in plan.fedSGDSteps { try Console.print(step) }
      if let cut { try Console.print(balance(cut.shards, plan.trials.count)) }
      if volume.quiet { return }
      let workload = Workload(plan, recorded: there ?? [], share: places)
      if there != nil { try Console.print(outlook(workload)) }
      let threads = ProcessInfo.processInfo.activeProcessorCount
      let limit = try MemoryLimit.current(environment: ProcessInfo.processInfo.environment)
      let shared = SharedRounds(plan, workload, threads: threads, memory: limit)
      if shared.roundCount > 0 { try Console.print(shared.text(of: workload)) }
      if workload.roundCount > 0 {
        try Console.print(
          MemoryEstimate(plan, workload, shared: shared, jobs: threads, memory: limit).text)
      }
      try Console.print(
        (cut.map { "shard \($0.chosen.text): " } ?? "")
          + estimate(plan, workload, shared, there ?? []))
    }
  }

  /// One row per cell, with a column `done` if there is a folder to look into.
  private func table(_ plan: Plan, _ there: [TrialRecordV1]?) -> ListTable {
    let settled = Set((there ?? []).filter(\.isSettled).map(\.identity))
    var seeds: [String: Int] = [:]
    var done: [String: Int] = [:]
    var order: [PlannedTrial] = []
    for trial in plan.trials {
      if seeds[trial.cell] == nil { order.append(trial) }
      seeds[trial.cell, default: 0] += 1
      if settled.contains(trial.identity) { done[trial.cell, default: 0] += 1 }
    }
    let rows = order.map { trial -> [String] in
      var remark = trial.isImplied ? "implied: metrics of other cells need it" : ""
      if case .notApplicable(let reason) = trial.feasibility {
        remark = "not applicable: \(reason)"
      }
      return [trial.cell, "\(seeds[trial.cell] ?? 0)"]
        + (there == nil ? [] : ["\(done[trial.cell] ?? 0)"]) + ["\(trial.rounds)", remark]
    }
    return ListTable(
      header: ["cell", "seeds"] + (there == nil ? [] : ["done"]) + ["rounds", "remark"],
      rows: rows)
  }

  /// One row per shard; work is told as a multiple of an equal share of what runs once.
  private func shardTable(_ shards: PlanShards) -> ListTable {
    let rows = shards.parts.enumerated().map { place, part in
      [
        "\(place + 1)", "\(part.places.count)", "\(part.borrowedCount)",
        FixedPoint.text(part.work * Double(shards.parts.count), 2),
      ]
    }
    return ListTable(header: ["shard", "trials", "run for comparison", "work"], rows: rows)
  }

  private func balance(_ shards: PlanShards, _ trials: Int) -> String {
    "\(counted(trials, "trial")) in \(counted(shards.parts.count, "shard")): the largest is "
      + FixedPoint.text(shards.imbalance, 2)
      + " of an equal share, \(shards.borrowedCount) trials run again for comparison"
  }

  private func estimate(
    _ plan: Plan, _ workload: Workload, _ shared: SharedRounds, _ there: [TrialRecordV1]
  ) -> String {
    let threads = ProcessInfo.processInfo.activeProcessorCount
    let estimate = TimeEstimate(
      plan, workload, shared: shared, recorded: there, threads: threads)
    guard estimate.seconds.isFinite else {
      return "how long a trainer in another process takes is known when it has run"
    }
    let source =
      estimate.trialCount > 0
      ? "the times of " + counted(estimate.trialCount, "finished trial")
      : "a timing of the model; attacks and defenses may add to it"
    return
      "about \(Durations.text(estimate.seconds)) on \(counted(threads, "thread")), estimated from "
      + source
  }

  private func outlook(_ workload: Workload) -> String {
    "\(workload.finishedCount) done, \(workload.recordedCount) to run"
      + (workload.repeatedCount > 0
        ? " (\(workload.repeatedCount) of those done run again for comparison)" : "")
      + ", " + counted(workload.roundCount, "round") + " to run"
  }
}
