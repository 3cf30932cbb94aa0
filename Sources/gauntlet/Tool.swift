import ArgumentParser
import Diagnostics

/// The command line of Gauntlet.
@main
struct Tool: ParsableCommand {
  static let version = "0.7.0"

  static let configuration = CommandConfiguration(
    commandName: "gauntlet",
    abstract: "Runs every defense of federated learning through every attack, and keeps score.",
    discussion: """
      Exit codes: 0 done, or the gate passed; 1 the tool failed (files, a bad scenario, a failed \
      trial); 2 a regression or a broken claim; 3 inconclusive or warnings, with --strict; 4 only \
      improvements, with --fail-on-improvement; 5 nothing, or not everything, could be compared; 64 \
      wrong usage; 75 stopped by a signal or the deadline with work left.
      """,
    version: version,
    subcommands: [
      InitCommand.self, RunCommand.self, ValidateCommand.self, PlanCommand.self,
      MergeCommand.self, SlurmCommand.self, ShowCommand.self, ReportCommand.self,
      CompareCommand.self, GateCommand.self, BaselineCommand.self, LeaderboardCommand.self,
      SubmitCommand.self, VerifyCommand.self, CiteCommand.self, ListCommand.self,
      ExplainCommand.self, PreviewCommand.self, DataCommand.self, AggregateCommand.self,
      CraftCommand.self,
      ReplayCommand.self, PluginCommand.self, DoctorCommand.self,
    ])

  static func main() {
    ProcessorNeeds.check()
    Console.prepare()
    let usage = UsageErrors(arguments: Array(CommandLine.arguments.dropFirst()))
    do {
      var command = try parseAsRoot()
      usage.refuseRepetitions(of: type(of: command))
      let watch = command is any StartsPrograms ? EndingWatch() : nil
      try command.run()
      withExtendedLifetime(watch) {}
      Ending.end(with: 0)
    } catch {
      usage.leave(with: error)
    }
  }
}
