import ArgumentParser
import Foundation
import Gating
import Results

struct BaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline", abstract: "Records the numbers that a gate holds results against.",
    subcommands: [
      BaselineMakeCommand.self, BaselineShowCommand.self, BaselineReviewCommand.self,
      BaselineAcceptCommand.self, BaselinePruneCommand.self,
    ])
}

/// What the commands that change a baseline share.
struct BaselineChange: ParsableArguments {
  @Option(help: ArgumentHelp("The baseline to change.", valueName: "file"))
  var baseline: String

  @Option(help: ArgumentHelp("Who changes it, for its history.", valueName: "name"))
  var by: String?

  @Flag(help: "Change it even where CI is set: a baseline that CI accepts by itself gates nothing.")
  var allowCi = false

  /// Refuses to go on in a CI job.
  static func refuseInCI(unless allowed: Bool) throws {
    let ci = ProcessInfo.processInfo.environment["CI"] ?? ""
    guard allowed || ci.isEmpty || ci == "false" else {
      throw Failure(
        "CI is set, and a baseline is changed by people; --allow-ci does it all the same")
    }
  }

  func read(isDryRun: Bool = false) throws -> BaselineV1 {
    try Self.refuseInCI(unless: allowCi || isDryRun)
    return try LoadedFiles.baseline(baseline)
  }

  func write(_ changed: BaselineV1) throws {
    try TextFile.replace(baseline, with: changed.text)
  }

  func entry(_ why: String, cells: Int) -> BaselineV1.Entry {
    BaselineV1.Entry(at: RunInfo.now(), by: by, why: why, cells: cells)
  }
}
