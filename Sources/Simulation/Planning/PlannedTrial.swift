import Federation
import Results
import Training

/// One trial of a plan: a cell with a seed, everything resolved and checked.
public struct PlannedTrial: Sendable {
  /// What will happen to it.
  public enum Feasibility: Sendable, Hashable {
    case ready
    /// It is not run, and why.
    case notApplicable(String)
  }

  public let attack: String
  public let defense: String
  /// Values of the matrix axes by dotted key.
  public let axes: [String: String]
  public let seed: UInt64
  public let feasibility: Feasibility
  /// Runs only because metrics of another trial need it.
  public let isImplied: Bool
  /// The identity: SHA-256 of everything resolved.
  public let key: String
  /// The number of clients that an attack controls.
  public let attackerCount: Int
  public let rounds: Int

  let variant: Int
  let attackChoice: ResolvedAttack
  let defenseChoice: ResolvedDefense
  /// Indices in the plan of the trials that its metrics compare it to; lower than its own.
  var twin: Int?
  var undefendedTwin: Int?
  var undefended: Int?
}

/// An attack with complete parameters.
struct ResolvedAttack: Sendable {
  let entry: AttackEntry
  let arguments: Arguments
}

/// A defense with complete parameters.
struct ResolvedDefense: Sendable {
  let stages: [(entry: StageEntry, arguments: Arguments)]
  let rule: (entry: AggregatorEntry, arguments: Arguments)

  /// The number of Byzantine rows that the rule, or else a stage, counts on; `nil` if none does.
  var byzantineCount: Int? {
    ([rule.arguments] + stages.map(\.arguments)).lazy
      .compactMap { $0.values["f"] == nil ? nil : $0.wholeNumber("f") }.first
  }

  func make(_ setup: DefenseSetup) throws(ConfigurationError) -> DefensePipeline {
    var made: [any PreAggregator] = []
    for stage in stages { made.append(try stage.entry.make(stage.arguments, setup)) }
    return DefensePipeline(stages: made, rule: try rule.entry.make(rule.arguments, setup))
  }
}

extension ResolvedDefense {
  /// Whether a parameter of it took the declared number of Byzantine clients from the scenario.
  var usesDeclaredCount: Bool {
    (stages.map(\.arguments) + [rule.arguments]).contains {
      $0.planFacts.contains(.declaredByzantine)
    }
  }
}

extension PlannedTrial {
  /// The name of the cell: attack, defense and axes.
  public var cell: String {
    TrialRecordV1.cellName(attack: attack, defense: defense, axes: axes)
  }
}
