import ArgumentParser
import Federation
import Results
import Simulation
import Suite

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks a scenario and says everything that is wrong with it.",
    usage: """
      gauntlet validate <scenario> [options]
      gauntlet validate --json-schema
      """)

  @OptionGroup var options: ScenarioOptions
  @OptionGroup var volume: QuietOption

  @Flag(help: "Print the JSON Schema of scenario files, for editors, and check nothing.")
  var jsonSchema = false

  func validate() throws {
    guard jsonSchema else { return try options.requireScenario() }
    guard options.scenario.isEmpty else {
      throw ValidationError("--json-schema checks nothing: name no scenario")
    }
  }

  func run() throws {
    try reportingErrors {
      if jsonSchema {
        try Console.print(CanonicalJSON.string(ScenarioSchema.json(.withWorkers)))
        return
      }
      let counts = try options.counts()
      for note in counts.notes { Console.note("note: \(note)") }
      if volume.quiet { return }
      let name = options.scenario == "-" ? "standard input" : options.scenario
      try Console.print("\(name): ok, \(counts.text)")
    }
  }
}
