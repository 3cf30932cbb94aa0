import Components
import Federation
import Results

/// A defense with complete parameters.
struct ResolvedDefense: Sendable {
  let stages: [Chosen<StageEntry>]
  let rule: Chosen<AggregatorEntry>
  var finishers: [Chosen<FinisherEntry>] = []

  /// What its components need together.
  var needs: DefenseNeeds {
    stages.map(\.entry.needs).reduce(rule.entry.needs) { $0.union($1) }
      .union(finishers.map(\.entry.needs).reduce([]) { $0.union($1) })
  }

  /// What is so of any of its components.
  var traits: DefenseTraits {
    stages.map(\.entry.traits).reduce(rule.entry.traits) { $0.union($1) }
      .union(finishers.map(\.entry.traits).reduce([]) { $0.union($1) })
  }

  /// The arguments of the rule, then of the other components.
  private var arguments: [Arguments] {
    [rule.arguments] + stages.map(\.arguments) + finishers.map(\.arguments)
  }

  /// The number of Byzantine rows that the rule, or else a stage, counts on; `nil` if none does.
  var byzantineCount: Int? { byzantineCounts.first }

  /// The smallest of the numbers of Byzantine rows that its components count on; `nil` if none does.
  var leastByzantineCount: Int? { byzantineCounts.min() }

  private var byzantineCounts: [Int] {
    arguments.compactMap { $0.values["f"] == nil ? nil : $0.wholeNumber("f") }
  }

  /// Whether a parameter of it took the declared number of Byzantine clients from the scenario.
  var usesDeclaredCount: Bool {
    arguments.contains { $0.planFacts.contains(.declaredByzantine) }
  }

  /// Builds the components, each stage and the rule for the number of rows that reach it.
  func make(_ setup: DefenseSetup) throws(ConfigurationError) -> DefensePipeline {
    var first: [any PreAggregator] = []
    var reached = setup
    for stage in stages {
      let made = try stage.entry.make(stage.arguments, reached)
      reached = reached.after(made)
      first.append(made)
    }
    var last: [any ModelFinisher] = []
    for finisher in finishers { last.append(try finisher.entry.make(finisher.arguments, setup)) }
    return DefensePipeline(
      stages: first, rule: try rule.entry.make(rule.arguments, reached), finishers: last)
  }

  var json: JSONValue {
    var object: [String: JSONValue] = [
      "stages": .array(stages.map(\.json)), "rule": rule.json,
    ]
    if !finishers.isEmpty { object["finishers"] = .array(finishers.map(\.json)) }
    return .object(object)
  }
}
