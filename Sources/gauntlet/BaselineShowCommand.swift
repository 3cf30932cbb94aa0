import ArgumentParser
import Gating

struct BaselineShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows a baseline: its policy, its cells and its history.")

  @Argument(help: "The baseline.")
  var baseline: String

  func run() throws {
    try reportingErrors {
      let text = BaselineText(try LoadedFiles.baseline(baseline))
      try Console.print([text.summary, text.cells, text.history].joined(separator: "\n"))
    }
  }
}
