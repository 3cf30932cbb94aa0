import Foundation
import Testing
import _TestSupport

@Suite struct HelpTests {
  static let commands = [
    "init", "run", "validate", "plan", "merge", "slurm", "compare", "gate", "baseline", "show",
    "report", "leaderboard", "submit", "verify", "cite", "list", "explain", "data", "aggregate",
    "craft", "replay", "plugin", "doctor",
  ]

  @Test func theOverview() throws {
    let folder = try TemporaryFolder()
    let help = try Program.run(["--help"], in: folder.path)
    #expect(help.status == 0 && help.errors.isEmpty)
    #expect(Goldens.difference(help.output, from: "help.txt") == nil)
    // Without a command there is nothing to do but to tell.
    #expect(try Program.run([], in: folder.path).output == help.output)
  }

  @Test(arguments: commands) func everyCommandHasHelp(command: String) throws {
    let folder = try TemporaryFolder()
    let help = try Program.run(["help", command], in: folder.path)
    #expect(help.status == 0 && help.errors.isEmpty)
    #expect(help.output.contains("USAGE: gauntlet \(command)"))
    #expect(try Program.run([], in: folder.path).output.contains("  \(command) "))
  }

  static let texts = [
    "init", "compare", "gate", "baseline", "baseline make", "baseline show", "baseline review",
    "baseline accept", "baseline prune",
  ]

  @Test(arguments: texts) func helpTexts(command: String) throws {
    let folder = try TemporaryFolder()
    let words = command.split(separator: " ").map(String.init)
    let help = try Program.run(["help"] + words, in: folder.path)
    #expect(help.status == 0 && help.errors.isEmpty)
    let name = "help-\(words.joined(separator: "-")).txt"
    #expect(Goldens.difference(help.output, from: name) == nil)
    #expect(try Program.run(words + ["--help"], in: folder.path).output == help.output)
  }

  @Test func version() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(["--version"], in: folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }

  @Test func unknownCommandsAndMissingArgumentsAreUsageErrors() throws {
    let folder = try TemporaryFolder()
    for arguments in [
      ["frobnicate"], ["run"], ["run", "a.yaml"], ["merge", "a"], ["merge", "-o", "b"], ["explain"],
      ["list", "flagz"], ["list", "attacks", "defenses"],
      ["craft", "m.npy"],
      ["validate", "a.yaml", "b.yaml"], ["data", "verify", "--classes", "1"],
    ] {
      let outcome = try Program.run(arguments, in: folder.path)
      #expect(outcome.status == 64, "\(arguments)")
      #expect(outcome.output.isEmpty && outcome.errors.hasPrefix("Error: "), "\(arguments)")
    }
    #expect(try folder.names().isEmpty)
  }
}
