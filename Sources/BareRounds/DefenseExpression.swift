public import Components
public import Federation

/// The stages and the rule that somebody names in words, names and parameters checked.
public struct DefenseExpression: Sendable {
  private var stages: [(entry: StageEntry, arguments: Arguments)] = []
  private var rule: (entry: AggregatorEntry, arguments: Arguments)?

  /// What the components need besides the updates.
  public var needs: DefenseNeeds {
    stages.map(\.entry.needs).reduce(rule?.entry.needs ?? []) { $0.union($1) }
  }

  /// Whether a rejection by the rule says that a client is malicious.
  public var declaresMalicious: Bool { rule?.entry.traits.contains(.declaresMalicious) ?? false }

  /// Whether the result tells that a value was not finite, so that nobody has to look before.
  var spreadsNonFinite: Bool {
    stages.isEmpty && rule?.entry.laws.contains(.spreadsNonFinite) ?? false
  }

  /// Whether a component remembers earlier rounds.
  public var isStateful: Bool {
    stages.map(\.entry.traits).reduce(rule?.entry.traits ?? []) { $0.union($1) }.contains(.stateful)
  }

  /// The smallest number of Byzantine rows that a component was told; `nil` where none was told any.
  public var leastByzantineCount: Int? {
    ([rule?.arguments].compactMap(\.self) + stages.map(\.arguments))
      .compactMap { $0.values["f"] == nil ? nil : $0.wholeNumber("f") }.min()
  }

  /// Reads expressions such as `nnm:f=2` and `krum:f=2`.
  ///
  /// - Throws: As the other initializer does, or the `ComponentExpression.SyntaxError` of the first
  ///   that cannot be read.
  public init(
    stages: [String], rule: String?, catalog: Catalog, facts: [PlanFact: ArgumentValue] = [:]
  ) throws {
    try self.init(
      stages: stages.map { try ComponentExpression($0) },
      rule: rule.map { try ComponentExpression($0) }, catalog: catalog, facts: facts)
  }

  /// Looks up stages and a rule.
  ///
  /// - Parameters:
  ///   - stages: The stages, in their order.
  ///   - rule: The rule; `nil` for stages alone.
  ///   - catalog: What they may name.
  ///   - facts: What stands in for parameters that are not given.
  /// - Throws: Everything that is wrong with any of them.
  public init(
    stages: [ComponentExpression], rule: ComponentExpression?, catalog: Catalog,
    facts: [PlanFact: ArgumentValue] = [:]
  ) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    for choice in stages {
      Self.collecting(&problems) { () throws(ConfigurationError) in
        let entry = try catalog.stage(choice.id)
        self.stages.append((entry, try Arguments(choice.given, for: entry.manifest, plan: facts)))
      }
    }
    if let rule {
      Self.collecting(&problems) { () throws(ConfigurationError) in
        let entry = try catalog.aggregator(rule.id)
        let arguments = try Arguments(rule.given, for: entry.manifest, plan: facts)
        // A program of somebody else's says itself what it is.
        let described = try entry.described(by: arguments, in: ".")
        self.rule = (described?.entry ?? entry, arguments)
      }
    }
    guard problems.isEmpty else { throw ConfigurationError(problems) }
  }

  /// What the components take for so many rows besides them.
  public func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    (stages.map { $0.entry.workingBytes(rowCount, columnCount) }.max() ?? 0)
      + (rule?.entry.workingBytes(rowCount, columnCount) ?? 0)
  }

  /// Builds the components, each stage and the rule for the number of rows that reach it.
  ///
  /// - Throws: `ConfigurationError` with the reasons of all that cannot work with so few rows.
  public func make(
    _ setup: DefenseSetup
  ) throws(ConfigurationError) -> (stages: [any PreAggregator], rule: (any Aggregator)?) {
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
    named.filter { !$0.needs.isDisjoint(with: [.model, .outOfDistributionData]) }.map { id, _ in
      .invalid(
        component: id,
        reason: "needs the model and data of the server, which a matrix alone does not have")
    }
  }

  /// The component that needs what the server's own data gives; `nil` where none does.
  public var rootReader: ComponentID? { named.last { $0.needs.contains(.rootData) }?.id }

  private var named: [(id: ComponentID, needs: DefenseNeeds)] {
    stages.map { ($0.entry.manifest.id, $0.entry.needs) }
      + [rule].compactMap { $0.map { ($0.entry.manifest.id, $0.entry.needs) } }
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
