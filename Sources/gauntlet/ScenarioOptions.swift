import ArgumentParser
import Diagnostics
import Foundation
import Simulation
import Suite

/// What `run`, `plan` and `validate` share: a scenario, and what to take of it.
struct ScenarioOptions: ParsableArguments {
  @Argument(help: "The scenario, a YAML file.")
  var scenario: String = ""

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

  /// Refuses a command line without a scenario, which only `validate --json-schema` may have.
  func requireScenario() throws {
    if scenario.isEmpty { throw ValidationError("Missing expected argument '<scenario>'") }
  }

  /// Reads and plans the scenario, and says what is seldom meant.
  func plan() throws -> Plan {
    let plan = try Plan(
      path: scenario, catalog: .builtIn, overrides: try parsedOverrides(), options: try selection())
    for note in plan.notes { Console.note("note: \(note)") }
    return plan
  }

  /// Checks the scenario and counts what it asks for.
  func counts() throws -> PlanCounts {
    try Plan.counts(
      path: scenario, catalog: .builtIn, overrides: try parsedOverrides(), options: try selection())
  }

  private func selection() throws -> Plan.Options {
    let environment = ProcessInfo.processInfo.environment
    return Plan.Options(
      only: try SelectionOptions.selection(only, "--only"),
      skip: try SelectionOptions.selection(skip, "--skip"),
      seeds: try parsedSeeds(), environment: environment,
      memory: try MemoryLimit.current(environment: environment))
  }

  private func parsedOverrides() throws -> [(key: String, value: String)] {
    try overrides.map { text in
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw ValidationError("--set takes KEY=VALUE, not '\(excerpt(text))'")
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
        guard result.count <= 1_000_000 else {
          throw ValidationError("--seeds: '\(excerpt(seeds))' names more than 1000000 seeds")
        }
      default:
        throw ValidationError("--seeds takes 1..5 or 1,7,9, not '\(excerpt(seeds))'")
      }
    }
    guard Set(result).count == result.count, result.allSatisfy({ $0 <= UInt64(Int.max) }) else {
      throw ValidationError(
        "--seeds: '\(excerpt(seeds))' names a seed twice or one that is too large")
    }
    return result
  }
}
