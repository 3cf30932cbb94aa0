import ArgumentParser
import Reporting
import Simulation

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks a scenario and says everything that is wrong with it.",
    usage: "gauntlet validate <scenario> [options]")

  @OptionGroup var options: ScenarioOptions

  func run() throws {
    try reportingErrors {
      let plan = try options.plan()
      let seeds = Set(plan.trials.map(\.seed)).count
      let requested = plan.trials.filter { !$0.isImplied }
      let cells = Set(requested.map(\.cell)).count
      let idle = Set(requested.filter { $0.feasibility != .ready }.map(\.cell)).count
      try Console.print(
        "\(plan.path): ok, " + counted(cells, "cell")
          + (idle > 0 ? " (\(idle) not applicable: see 'gauntlet plan')" : "") + ", "
          + counted(seeds, "seed") + ", " + counted(requested.count, "trial"))
    }
  }
}
