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
  /// Where parameters stand; those of a free mapping under `params.NAME`.
  let parameterPlaces: [String: ParameterPlace]

  /// The places of a key and of its value.
  struct ParameterPlace {
    let key: SourcePosition?
    let value: SourcePosition?
  }

  public init(
    _ use: ComponentID, _ given: [String: ArgumentValue] = [:], position: SourcePosition? = nil
  ) {
    self.init(use, given, position: position, parameterPlaces: [:])
  }

  init(
    _ use: ComponentID, _ given: [String: ArgumentValue], position: SourcePosition?,
    parameterPlaces: [String: ParameterPlace]
  ) {
    self.use = use
    self.given = given
    self.position = position
    self.parameterPlaces = parameterPlaces
  }

  /// This choice with a parameter, or one of a free mapping, replaced.
  func setting(_ name: String, to value: ArgumentValue, at place: SourcePosition?) -> Choice {
    var (given, places) = (given, parameterPlaces)
    let path = name.split(separator: ".")
    if path.count > 1, path[0] == ArgumentValue.freeMapping {
      given[ArgumentValue.freeMapping] = ArgumentValue(
        setting: path.dropFirst(), of: given[ArgumentValue.freeMapping], to: value.json)
    } else {
      given[name] = value
    }
    places[name] = ParameterPlace(key: place, value: place)
    return Choice(use, given, position: position, parameterPlaces: places)
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
