import ArgumentParser
import Reporting
import Simulation

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Lists the cells that a run would go through.",
    usage: "gauntlet plan <scenario> [options]")

  @OptionGroup var options: ScenarioOptions

  @Flag(help: "Print every trial with its key, tab-separated.")
  var keys = false

  func run() throws {
    try reportingErrors {
      let plan = try options.plan()
      if keys {
        for trial in plan.trials {
          try Console.print("\(trial.key)\t\(trial.cell)\t\(trial.seed)")
        }
        return
      }
      var seeds: [String: Int] = [:]
      var order: [PlannedTrial] = []
      for trial in plan.trials {
        if seeds[trial.cell] == nil { order.append(trial) }
        seeds[trial.cell, default: 0] += 1
      }
      let rows = order.map { trial -> [String] in
        var remark = trial.isImplied ? "implied: metrics of other cells need it" : ""
        if case .notApplicable(let reason) = trial.feasibility {
          remark = "not applicable: \(reason)"
        }
        return [trial.cell, "\(seeds[trial.cell] ?? 0)", "\(trial.rounds)", remark]
      }
      try Console.print(
        ListTable(header: ["cell", "seeds", "rounds", "remark"], rows: rows)
          .text(width: Terminal.outputWidth))
      let implied = plan.trials.count - plan.requestedCount
      try Console.print(
        counted(order.count, "cell") + ", " + counted(plan.trials.count, "trial")
          + (implied > 0 ? " (\(implied) implied)" : "") + ", "
          + counted(plan.roundCount, "round"))
    }
  }
}
