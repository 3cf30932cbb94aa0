import ArgumentParser

struct PluginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugin", abstract: "Starts and checks a defense, attack or trainer of your own.",
    subcommands: [PluginNewCommand.self, PluginCheckCommand.self])
}
