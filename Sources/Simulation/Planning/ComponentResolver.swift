import Datasets
import Determinism
import Documents
import Federation
import Training

/// Checks the components of one combination against the plan and completes their parameters.
struct ComponentResolver {
  let scenario: Scenario
  let catalog: Catalog
  let source: any DataSource
  let model: any Model
  let sink: ProblemSink

  /// Facts that parameters may default to.
  private var facts: [PlanFact: ArgumentValue] {
    var facts: [PlanFact: ArgumentValue] = [:]
    if let f = scenario.declaredByzantine { facts[.declaredByzantine] = .integer(f) }
    if let backdoor = usableBackdoor {
      facts[.triggerPattern] = .text(backdoor.pattern.rawValue)
      facts[.triggerSize] = .integer(backdoor.size)
      facts[.triggerValue] = .real(backdoor.value)
      facts[.triggerCorner] = .text(backdoor.corner.rawValue)
      facts[.backdoorTarget] = .integer(backdoor.target)
      facts[.backdoorSource] = backdoor.source.map { .integer($0) } ?? .text("none")
    }
    return facts
  }

  /// Reports a scenario-wide backdoor that does not fit the data.
  func checkBackdoor() {
    for problem in backdoorProblems {
      sink.report("threat.backdoor" + problem, at: scenario.threat.backdoorPosition)
    }
  }

  private var backdoorProblems: [String] {
    guard let backdoor = scenario.threat.backdoor else { return [] }
    let classes = source.classCount
    var problems: [String] = []
    if backdoor.target >= classes {
      problems.append(".target is \(backdoor.target); classes are 0 to \(classes - 1)")
    }
    if let origin = backdoor.source, origin >= classes || origin == backdoor.target {
      problems.append(
        ".source is \(origin); it has to be another class than the target, 0 to \(classes - 1)")
    }
    if Self.trigger(backdoor, on: source.shape, seed: SeedPath(root: 0)) == nil {
      problems.append(
        ".size: a '\(backdoor.pattern.rawValue)' trigger of size \(backdoor.size) does not fit "
          + "inputs of \(source.shape)")
    }
    return problems
  }

  /// The scenario-wide backdoor; a harmless one where it does not fit, so that its problems are not
  /// reported again for every attack that uses it.
  private var usableBackdoor: BackdoorSettings? {
    backdoorProblems.isEmpty
      ? scenario.threat.backdoor
      : BackdoorSettings(
        pattern: .square, size: 1, value: 1, corner: .topLeft, target: 0, source: nil)
  }

  static func trigger(_ settings: BackdoorSettings, on shape: InputShape, seed: SeedPath)
    -> Trigger?
  {
    Trigger(
      settings.pattern, size: settings.size, value: Float(settings.value), corner: settings.corner,
      on: shape, seed: seed)
  }

  /// Returns the attack and, where it is not applicable, why; `nil` if it was reported.
  func resolve(_ choice: AttackChoice) -> (attack: ResolvedAttack, reason: String?)? {
    check(choice.id, choice.choice) { () throws(ConfigurationError) in
      let entry = try catalog.attack(choice.choice.use)
      let arguments = try Arguments(choice.choice.given, for: entry.manifest, plan: facts)
      let setup = Self.attackSetup(
        scenario, shape: source.shape, classCount: source.classCount, model: model,
        seed: SeedPath(root: 0))
      let attack = ResolvedAttack(entry: entry, arguments: arguments)
      do throws(ConfigurationError) {
        let made = try entry.make(arguments, setup)
        if made.goal != .none && scenario.threat.maliciousCount == 0 {
          return (attack, "threat.malicious gives 0 of \(scenario.clients.count) clients to attack")
        }
        if made.threatModel.knowledge > .ownClients && scenario.threat.knowledge == .own {
          return (attack, "\(choice.id) needs the honest updates; threat.knowledge is 'own'")
        }
      } catch {
        guard error.isInfeasibility else { throw error }
        return (attack, error.description)
      }
      return (attack, nil)
    }
  }

  /// Returns the defense and, where it is not applicable, why; `nil` if it was reported.
  func resolve(_ choice: DefenseChoice) -> (defense: ResolvedDefense, reason: String?)? {
    var stages: [(entry: StageEntry, arguments: Arguments)] = []
    for stage in choice.stages {
      guard
        let resolved = check(
          choice.id, stage,
          { () throws(ConfigurationError) in
            let entry = try catalog.stage(stage.use)
            return (entry, try Arguments(stage.given, for: entry.manifest, plan: facts))
          })
      else { return nil }
      stages.append(resolved)
    }
    return check(choice.id, choice.rule) { () throws(ConfigurationError) in
      let entry = try catalog.aggregator(choice.rule.use)
      let arguments = try Arguments(choice.rule.given, for: entry.manifest, plan: facts)
      let defense = ResolvedDefense(stages: stages, rule: (entry, arguments))
      do throws(ConfigurationError) {
        _ = try defense.make(Self.defenseSetup(scenario, model: model))
      } catch {
        guard error.isInfeasibility else { throw error }
        return (defense, error.description)
      }
      return (defense, nil)
    }
  }

  static func attackSetup(
    _ scenario: Scenario, shape: InputShape, classCount: Int, model: any Model, seed: SeedPath
  ) -> AttackSetup {
    AttackSetup(
      participantCount: scenario.clients.participantCount, classCount: classCount, shape: shape,
      layout: model.layout, serverRate: scenario.server.learningRate,
      schedule: scenario.task.local, isFedSGD: scenario.server.algorithm != .fedAvg, seed: seed)
  }

  static func defenseSetup(_ scenario: Scenario, model: any Model) -> DefenseSetup {
    DefenseSetup(
      participantCount: scenario.clients.participantCount, layout: model.layout)
  }

  /// Runs `body` and reports what it throws at the place of the choice.
  private func check<R>(
    _ id: String, _ choice: Choice, _ body: () throws(ConfigurationError) -> R
  ) -> R? {
    do throws(ConfigurationError) {
      return try body()
    } catch {
      for problem in error.problems {
        let name = id == choice.use.rawValue ? "" : "\(id): "
        sink.report(name + problem.description, at: choice.position)
      }
      return nil
    }
  }
}
