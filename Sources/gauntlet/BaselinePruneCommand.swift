import ArgumentParser
import Foundation
import Gating
import Reporting
import Results
import Simulation
import Suite

struct BaselinePruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Drops the cells that the scenario no longer has.",
    usage: "gauntlet baseline prune --scenario <scenario> --baseline <file> [options]")

  @OptionGroup var change: BaselineChange

  @Option(help: ArgumentHelp("The scenario, a YAML file.", valueName: "scenario"))
  var scenario: String

  @Option(help: ArgumentHelp("Why, for the history.", valueName: "text"))
  var reason: String = "no longer in the scenario"

  @Flag(name: [.customShort("n"), .long], help: "Show what would go, and write nothing.")
  var dryRun = false

  @OptionGroup var volume: QuietOption

  func run() throws {
    try reportingErrors {
      var baseline = try change.read(isDryRun: dryRun)
      let plan = try Plan(
        ScenarioFile(path: scenario, catalog: .withWorkers), catalog: .withWorkers,
        options: .init(environment: ProcessInfo.processInfo.environment))
      guard plan.name == baseline.origin.scenario else {
        throw Failure(
          "\(scenario) is the scenario '\(plan.name)', and \(change.baseline) is of "
            + "'\(baseline.origin.scenario)'")
      }
      let kept = Set(plan.trials.filter { $0.feasibility == .ready }.map(\.cell))
      let dropped = baseline.prune(keeping: kept) { change.entry(reason, cells: $0) }
      for name in volume.quiet ? [] : dropped { try Console.print(name) }
      guard !dropped.isEmpty, !dryRun else {
        Console.note(
          dropped.isEmpty ? "nothing to drop" : "\(counted(dropped.count, "cell")) would go")
        return
      }
      try change.write(baseline)
      Console.note("\(counted(dropped.count, "cell")) dropped from \(change.baseline)")
    }
  }
}
