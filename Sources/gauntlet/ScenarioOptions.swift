import ArgumentParser
import Foundation
import Simulation
import Suite

/// What `run`, `plan` and `validate` share: a scenario, and what to take of it.
struct ScenarioOptions: ParsableArguments {
  @Argument(help: "The scenario, a YAML file.")
  var scenario: String

  @Option(
    help: ArgumentHelp(
      "Run only these cells, such as 'attack=backdoor*,sign-flip defense=krum'.",
      valueName: "expr"))
  var only: String?

  @Option(help: ArgumentHelp("Leave these cells out.", valueName: "expr"))
  var skip: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Replace a value, such as threat.malicious=0.3; may be repeated.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: ArgumentHelp("Run these seeds, such as 1..5 or 1,7,9.", valueName: "seeds"))
  var seeds: String?

  func validate() throws {
    _ = try SelectionOptions.selection(only, "--only")
    _ = try SelectionOptions.selection(skip, "--skip")
    _ = try parsedSeeds()
    _ = try parsedOverrides()
  }

  /// Reads and plans the scenario, and says what is seldom meant.
  func plan() throws -> Plan {
    let file = try ScenarioFile(
      path: scenario, catalog: .builtIn, overrides: try parsedOverrides())
    let plan = try Plan(
      file, catalog: .builtIn,
      options: Plan.Options(
        only: try SelectionOptions.selection(only, "--only"),
        skip: try SelectionOptions.selection(skip, "--skip"),
        seeds: try parsedSeeds(), environment: ProcessInfo.processInfo.environment))
    for note in plan.notes { Console.note("note: \(note)") }
    return plan
  }

  private func parsedOverrides() throws -> [(key: String, value: String)] {
    try overrides.map { text in
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw ValidationError("--set takes KEY=VALUE, not '\(text)'")
      }
      return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
  }

  private func parsedSeeds() throws -> [UInt64]? {
    guard let seeds else { return nil }
    var result: [UInt64] = []
    for part in seeds.split(separator: ",", omittingEmptySubsequences: false) {
      let bounds = part.components(separatedBy: "..").map { UInt64($0) }
      switch (bounds.count, bounds.first ?? nil, bounds.last ?? nil) {
      case (1, let seed?, _):
        result.append(seed)
      case (2, let first?, let last?) where first <= last && last - first < 1_000_000:
        result.append(contentsOf: first...last)
      default:
        throw ValidationError("--seeds takes 1..5 or 1,7,9, not '\(seeds)'")
      }
    }
    guard Set(result).count == result.count, result.allSatisfy({ $0 <= UInt64(Int.max) }) else {
      throw ValidationError("--seeds: '\(seeds)' names a seed twice or one that is too large")
    }
    return result
  }
}
