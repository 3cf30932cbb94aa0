import Components
import Datasets
import Federation
import Reporting
import Simulation
import Suite
import Tensors

/// The stages and the rule of a command line, names and parameters checked.
struct DefenseExpression {
  private var stages: [(entry: StageEntry, arguments: Arguments)] = []
  private var rule: (entry: AggregatorEntry, arguments: Arguments)?

  /// What the components need besides the updates.
  var needs: DefenseNeeds {
    stages.map(\.entry.needs).reduce(rule?.entry.needs ?? []) { $0.union($1) }
  }

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

  /// What the components take for so many rows besides them.
  func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    (stages.map { $0.entry.workingBytes(rowCount, columnCount) }.max() ?? 0)
      + (rule?.entry.workingBytes(rowCount, columnCount) ?? 0)
  }

  /// Builds the components, each stage and the rule for the number of rows that reach it.
  ///
  /// - Throws: `ConfigurationError` with the reasons of all that cannot work with so few rows.
  func make(_ setup: DefenseSetup) throws -> (stages: [any PreAggregator], rule: (any Aggregator)?)
  {
    var problems: [ConfigurationError.Problem] = []
    var made: (stages: [any PreAggregator], rule: (any Aggregator)?) = ([], nil)
    var reached = setup
    for stage in stages {
      Self.collecting(&problems) { () throws(ConfigurationError) in
        let component = try stage.entry.make(stage.arguments, reached)
        reached = reached.after(component)
        made.stages.append(component)
      }
    }
    if let rule {
      Self.collecting(&problems) { () throws(ConfigurationError) in
        made.rule = try rule.entry.make(rule.arguments, reached)
      }
    }
    if let rule, rule.entry.needs.contains(.stableClients),
      let mixing = stages.first(where: { $0.entry.mixesRows })
    {
      problems.append(
        .invalid(
          component: rule.entry.manifest.id,
          reason: "follows clients over rounds, which the stage '\(mixing.entry.manifest.id)' mixes"
        ))
    }
    problems += absentFacts
    guard problems.isEmpty else { throw ConfigurationError(problems) }
    return made
  }

  /// What components need that a matrix alone does not have.
  private var absentFacts: [ConfigurationError.Problem] {
    let all =
      stages.map { ($0.entry.manifest.id, $0.entry.needs) }
      + [rule].compactMap { $0.map { ($0.entry.manifest.id, $0.entry.needs) } }
    return all.filter { !$0.1.isDisjoint(with: [.model, .outOfDistributionData]) }.map { id, _ in
      .invalid(
        component: id,
        reason: "needs the model and data of the server, which a matrix alone does not have")
    }
  }

  /// Reads the update that the server's own data gives; `nil` where no component needs it.
  ///
  /// - Throws: `Failure` where it is missing or no vector of `columnCount` finite values.
  func rootUpdate(in file: String?, columnCount: Int) throws -> [Float]? {
    guard needs.contains(.rootData) else { return nil }
    guard let file else {
      let id = rule?.entry.manifest.id.rawValue ?? ""
      throw Failure("\(id): needs what the server's own data gives; name it with --root")
    }
    let wanted = "has to be one vector of " + counted(columnCount, "finite value")
    let update = try NPYFile.readFloats(file) { rows, columns in
      rows == 1 && columns == columnCount ? nil : wanted
    }
    guard update.isFinite(row: 0) else { throw Failure("\(file): \(wanted)") }
    return update.row(0)
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
