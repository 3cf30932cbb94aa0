import ArgumentParser

/// The command line of Gauntlet.
@main
struct Tool: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "gauntlet",
    abstract: "Runs every defense of federated learning through every attack, and keeps score.",
    discussion: """
      Exit codes: 0 done; 1 the tool failed (files, a bad scenario, a failed trial); 64 wrong usage; \
      75 stopped by a signal or a deadline with work left.
      """,
    version: version,
    subcommands: [
      RunCommand.self, ValidateCommand.self, PlanCommand.self, MergeCommand.self,
      ListCommand.self, ExplainCommand.self, DataCommand.self, AggregateCommand.self,
      CraftCommand.self,
    ])

  static func main() {
    Console.prepare()
    main(nil)
  }
}
