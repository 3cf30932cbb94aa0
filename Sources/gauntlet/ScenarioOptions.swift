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
      path: scenario, catalog: .withWorkers, overrides: try parsedOverrides(),
      options: try selection())
    for note in plan.notes { Console.note("note: \(note)") }
    return plan
  }

  /// Checks the scenario and counts what it asks for.
  func counts() throws -> PlanCounts {
    try Plan.counts(
      path: scenario, catalog: .withWorkers, overrides: try parsedOverrides(),
      options: try selection())
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

  private func parsedSeeds() throws -> [UInt64]? { try seeds.map(SeedList.parsed) }
}
