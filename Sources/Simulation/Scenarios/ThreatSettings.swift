public import Components
public import Diagnostics
public import Federation

/// Who attacks, and when.
public struct ThreatSettings: Sendable {
  public enum Placement: String, Sendable, Hashable, CaseIterable {
    case first
    case last
    case random
  }

  public enum Outside: String, Sendable, Hashable, CaseIterable {
    /// Outside the window the controlled clients train on their clean data.
    case honest
    /// Outside the window the controlled clients do not take part.
    case absent
  }

  public enum Participation: String, Sendable, Hashable, CaseIterable {
    /// Controlled clients are sampled like all others.
    case sampled
    /// In the window every controlled client takes part; honest ones fill the rest.
    case always
  }

  public enum Knowledge: String, Sendable, Hashable, CaseIterable {
    /// What the attack asks for.
    case full
    /// No more than the attacker's own clients.
    case own
  }

  /// The number of clients that an attack controls.
  public var maliciousCount: Int
  public var placement: Placement
  public var window: Range<Int>
  /// Who acts in which rounds of the window.
  public var schedule: Chosen<AttackScheduleEntry>
  /// The groups that attacks by several attackers at once refer to; empty where none are listed.
  public var groups: [AttackerGroup] = []
  public var outside: Outside
  public var participation: Participation
  public var knowledge: Knowledge
  public var backdoor: BackdoorSettings?
  /// Examples that the attacker has from outside the federation.
  public var auxiliary: AuxiliarySettings?
}

/// Some of the controlled clients, which do not do what the others do.
public struct AttackerGroup: Sendable, Hashable {
  public var name: String
  /// The share of the controlled clients.
  public var share: Double
}

/// The trigger and target that every trial reports `asr.*` for, unless its attack has its own.
public struct BackdoorSettings: Sendable {
  public var trigger: Chosen<TriggerEntry>
  /// Every parameter of the section, those of other triggers too: attacks default to them.
  public var values: [String: ArgumentValue]
  public var target: Int
  public var source: Int?
}

/// Examples of one class far from the task's distribution, or rare in it, that the attacker has.
public struct AuxiliarySettings: Sendable, Hashable {
  /// Where they come from.
  public enum Origin: Sendable, Hashable {
    /// Withheld examples, each feature reflected in the middle of the training data's range.
    case reflected
    /// Withheld examples: those farthest from their nearest neighbors in the training data.
    case lowDensity(neighbors: Int)
    /// A folder or an archive, which is no part of the task's data.
    case folder(String)
  }

  /// The class that they are of.
  public var label: Int
  /// How many the attackers train with.
  public var trainingCount: Int
  /// How many the attack success rate is measured on.
  public var testCount: Int
  public var origin: Origin = .reflected
  /// Where the scenario says so.
  public var position: SourcePosition?

  var count: Int { trainingCount + testCount }

  /// How many of the task's training examples clients do not get.
  var withheldCount: Int {
    if case .folder = origin { 0 } else { count }
  }
}
