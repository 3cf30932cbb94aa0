import Components
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
  /// The position of the attack among those of its combination, swept parameters filled in.
  let attackPlace: Int
  let attackChoice: ResolvedAttack
  let defenseChoice: ResolvedDefense
  /// Whether all that it remembers between rounds is here and can be copied.
  let isForkable: Bool
  /// Indices in the plan of the trials that its metrics compare it to; lower than its own.
  var twin: Int?
  var undefendedTwin: Int?
  var undefended: Int?
}

extension PlannedTrial {
  /// The name of the cell: attack, defense and axes.
  public var cell: String {
    TrialRecordV1.cellName(attack: attack, defense: defense, axes: axes)
  }
}
