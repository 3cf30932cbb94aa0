public import Components
public import Diagnostics
public import Federation

/// One component that a scenario names, with the parameters it gives.
public struct Choice: Sendable {
  /// What to build.
  public let use: ComponentID
  public let given: [String: ArgumentValue]
  /// Where the scenario names it; `nil` for components that the engine adds.
  public let position: SourcePosition?
  /// Where the values of parameters stand that the matrix gives.
  let parameterPositions: [String: SourcePosition]

  public init(
    _ use: ComponentID, _ given: [String: ArgumentValue] = [:], position: SourcePosition? = nil
  ) {
    self.init(use, given, position: position, parameterPositions: [:])
  }

  init(
    _ use: ComponentID, _ given: [String: ArgumentValue], position: SourcePosition?,
    parameterPositions: [String: SourcePosition]
  ) {
    self.use = use
    self.given = given
    self.position = position
    self.parameterPositions = parameterPositions
  }

  /// This choice with a parameter replaced.
  func setting(_ name: String, to value: ArgumentValue, at place: SourcePosition?) -> Choice {
    var (given, positions) = (given, parameterPositions)
    given[name] = value
    positions[name] = place
    return Choice(use, given, position: position, parameterPositions: positions)
  }
}

/// An attack of a scenario, and what modifies it.
public struct AttackChoice: Sendable {
  /// Names rows of tables; unique in the scenario together with ``axes``.
  public let id: String
  public internal(set) var choice: Choice
  public let modifiers: [Choice]
  /// When it acts; `nil`: as `threat.schedule` says.
  public internal(set) var schedule: Chosen<AttackScheduleEntry>?
  /// Attacks that different attackers make at once, in place of ``choice``; empty where there is one.
  public let groups: [Group]
  /// A remark on where the settings come from, carried into `run.json`.
  public let cite: String?
  /// The axes of the matrix that sweep parameters of this entry.
  public internal(set) var axes: [ScenarioFile.Axis] = []

  public init(
    id: String, choice: Choice, modifiers: [Choice] = [],
    schedule: Chosen<AttackScheduleEntry>? = nil, groups: [Group] = [], cite: String? = nil
  ) {
    self.id = id
    self.choice = choice
    self.modifiers = modifiers
    self.schedule = schedule
    self.groups = groups
    self.cite = cite
  }
}

extension AttackChoice {
  /// An attack by some of the attackers.
  public struct Group: Sendable {
    /// The name that the scenario gives it; `nil`: it is called as its attack.
    public let givenName: String?
    /// The share of the attackers; `nil`: that of the group of the same name, or place, in
    /// `threat.groups`.
    public let share: Double?
    public let attack: AttackChoice
    let position: SourcePosition?
    /// Whether name and share could be read; otherwise that was reported.
    let isSound: Bool

    public var name: String { givenName ?? attack.id }
  }

  /// The attacks that it is of: itself, or those of its groups.
  public var singles: [AttackChoice] { groups.isEmpty ? [self] : groups.map(\.attack) }

  /// Whether it is the clean reference.
  var isClean: Bool { choice.use == "none" && modifiers.isEmpty }
}

/// A defense of a scenario: stages, a rule, finishers.
public struct DefenseChoice: Sendable {
  /// Names columns of tables; unique in the scenario together with ``axes``.
  public let id: String
  public let stages: [Choice]
  public internal(set) var rule: Choice
  public let finishers: [Choice]
  /// A remark on where the settings come from, carried into `run.json`.
  public let cite: String?
  /// The axes of the matrix that sweep parameters of this entry.
  public internal(set) var axes: [ScenarioFile.Axis] = []

  public init(
    id: String, stages: [Choice] = [], rule: Choice, finishers: [Choice] = [], cite: String? = nil
  ) {
    self.id = id
    self.stages = stages
    self.rule = rule
    self.finishers = finishers
    self.cite = cite
  }

  /// Whether it is the undefended reference.
  var isPlainMean: Bool { stages.isEmpty && finishers.isEmpty && rule.use == "mean" }
}
