import Federation
import Simulation
import Suite

/// The stages and the rule of a command line, names and parameters checked.
struct DefenseExpression {
  private var stages: [(entry: StageEntry, arguments: Arguments)] = []
  private var rule: (entry: AggregatorEntry, arguments: Arguments)?

  /// Reads expressions such as `nnm:f=2` and `krum:f=2`.
  ///
  /// - Throws: `ConfigurationError` with everything that is wrong with any of them, or the syntax
  ///   error of the first that cannot be read.
  init(stages: [String], rule: String?) throws {
    var problems: [ConfigurationError.Problem] = []
    for expression in stages {
      let choice = try Choice(expression: expression)
      Self.collecting(&problems) { () throws(ConfigurationError) in
        let entry = try Catalog.builtIn.stage(choice.use)
        self.stages.append((entry, try Arguments(choice.given, for: entry.manifest)))
      }
    }
    if let rule {
      let choice = try Choice(expression: rule)
      Self.collecting(&problems) { () throws(ConfigurationError) in
        let entry = try Catalog.builtIn.aggregator(choice.use)
        self.rule = (entry, try Arguments(choice.given, for: entry.manifest))
      }
    }
    guard problems.isEmpty else { throw ConfigurationError(problems) }
  }

  /// Builds the components.
  ///
  /// - Throws: `ConfigurationError` with the reasons of all that cannot work with so few rows.
  func make(_ setup: DefenseSetup) throws -> (stages: [any PreAggregator], rule: (any Aggregator)?)
  {
    var problems: [ConfigurationError.Problem] = []
    var made: (stages: [any PreAggregator], rule: (any Aggregator)?) = ([], nil)
    for stage in stages {
      Self.collecting(&problems) { () throws(ConfigurationError) in
        made.stages.append(try stage.entry.make(stage.arguments, setup))
      }
    }
    if let rule {
      Self.collecting(&problems) { () throws(ConfigurationError) in
        made.rule = try rule.entry.make(rule.arguments, setup)
      }
    }
    guard problems.isEmpty else { throw ConfigurationError(problems) }
    return made
  }

  private static func collecting(
    _ problems: inout [ConfigurationError.Problem], _ body: () throws(ConfigurationError) -> Void
  ) {
    do throws(ConfigurationError) {
      try body()
    } catch {
      problems += error.problems
    }
  }
}
