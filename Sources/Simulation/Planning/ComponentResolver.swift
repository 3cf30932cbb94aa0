import Components
import Datasets
import Diagnostics
import Documents
import Federation

/// Checks the components of one combination against the plan and completes their parameters.
struct ComponentResolver {
  let scenario: Scenario
  let catalog: Catalog
  let task: TaskFacts
  let sink: ProblemSink

  private var setups: ComponentSetups { ComponentSetups(scenario: scenario, task: task) }

  /// Facts that parameters may default to.
  private var facts: [PlanFact: ArgumentValue] {
    var facts: [PlanFact: ArgumentValue] = [:]
    if let f = scenario.declaredByzantine { facts[.declaredByzantine] = .integer(f) }
    guard let backdoor = scenario.threat.backdoor else {
      // What has a default in threat.backdoor has it without one, too.
      for spec in ScenarioKeys.backdoor(catalog.triggers) {
        if let standard = spec.standard { facts[.backdoor(spec.name)] = standard }
      }
      return facts
    }
    for (key, value) in backdoorProblems.isEmpty ? backdoor.values : harmless(backdoor) {
      facts[.backdoor(key)] = value
    }
    return facts
  }

  /// Values of a backdoor that fits any task: problems of the scenario's own are not reported again
  /// for every attack that uses it.
  private func harmless(_ backdoor: BackdoorSettings) -> [String: ArgumentValue] {
    backdoor.values.merging(
      [
        "trigger": .text("square"), "size": .integer(1), "target": .integer(0),
        "source": .text("none"), "file": .text("none"),
      ]) { _, new in new }
  }

  /// Reports a scenario-wide backdoor, or a class of outside data, that does not fit the data.
  func checkThreat() {
    let classes = task.source.classCount
    if let outside = scenario.threat.auxiliary, outside.label >= classes {
      sink.report(
        "threat.auxiliary.class is \(outside.label); classes are 0 to \(classes - 1)",
        at: outside.position)
    }
    for problem in backdoorProblems {
      sink.report(
        "threat.backdoor" + problem, at: scenario.threat.backdoor?.trigger.position)
    }
  }

  private var backdoorProblems: [String] {
    guard let backdoor = scenario.threat.backdoor else { return [] }
    let classes = task.source.classCount
    var problems: [String] = []
    if backdoor.target >= classes {
      problems.append(".target is \(backdoor.target); classes are 0 to \(classes - 1)")
    }
    if let origin = backdoor.source, origin >= classes || origin == backdoor.target {
      problems.append(
        ".source is \(origin); it has to be another class than the target, 0 to \(classes - 1)")
    }
    do throws(ConfigurationError) {
      _ = try setups.backdoor(backdoor, seed: 0)
    } catch {
      for case .invalid(_, let reason) in error.problems { problems.append(": \(reason)") }
    }
    return problems
  }

  /// Returns the attack and, where it is not applicable, why; `nil` if it was reported.
  func resolve(_ choice: AttackChoice) -> (attack: ResolvedAttack, reason: String?)? {
    let modifiers = choice.modifiers.compactMap {
      chosen($0, of: catalog.modifiers, kind: "modifier", in: choice.id)
    }
    guard
      let own = chosen(choice.choice, of: catalog.attacks, kind: "attack", in: choice.id)
        .map({ $0.read(task.patterns.digests(of: $0)) }),
      modifiers.count == choice.modifiers.count
    else { return nil }
    checkSchedule(of: choice)
    return check(choice.id, choice.choice) { () throws(ConfigurationError) in
      let attack = ResolvedAttack(attack: own, modifiers: modifiers, schedule: choice.schedule)
      do throws(ConfigurationError) {
        let made = try attack.make(setups.attack(seed: 0, data: nil))
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

  /// Reports a schedule in which the attack does not act as it says.
  private func checkSchedule(of choice: AttackChoice) {
    guard let schedule = choice.schedule else { return }
    let key = "attacks.\(excerpt(choice.id)).schedule"
    if choice.isClean {
      sink.report("\(key): nobody acts under 'none'; leave it out", at: schedule.position)
    } else if let problem = schedule.made.problem(in: scenario.threat.window) {
      sink.report("\(key): \(problem)", at: schedule.position)
    }
  }

  /// Returns the defense and, where it is not applicable, why; `nil` if it was reported.
  func resolve(_ choice: DefenseChoice) -> (defense: ResolvedDefense, reason: String?)? {
    let stages = choice.stages.compactMap {
      chosen($0, of: catalog.stages, kind: "stage", in: choice.id)
    }
    let finishers = choice.finishers.compactMap {
      chosen($0, of: catalog.finishers, kind: "finisher", in: choice.id)
    }
    guard let rule = chosen(choice.rule, of: catalog.aggregators, kind: "defense", in: choice.id),
      stages.count == choice.stages.count, finishers.count == choice.finishers.count
    else { return nil }
    let defense = ResolvedDefense(stages: stages, rule: rule, finishers: finishers)
    return check(choice.id, choice.rule) { () throws(ConfigurationError) in
      let missing = missingData(for: defense)
      guard missing.isEmpty else { throw ConfigurationError(missing) }
      do throws(ConfigurationError) {
        _ = try defense.make(setups.defense(data: nil))
      } catch {
        guard error.isInfeasibility else { throw error }
        return (defense, error.description)
      }
      return (defense, absentParticipation(for: defense))
    }
  }

  /// What the scenario lacks that the defense needs, with the key that would mend it.
  private func missingData(for defense: ResolvedDefense) -> [ConfigurationError.Problem] {
    var problems: [ConfigurationError.Problem] = []
    func report(_ reason: String) {
      problems.append(.invalid(component: defense.rule.id, reason: reason))
    }
    if defense.needs.contains(.rootData) && scenario.serverData.rootSamples == nil {
      report("needs clean data of the server: give defense-knows.root-samples")
    }
    if defense.needs.contains(.outOfDistributionData)
      && scenario.serverData.outOfDistribution == nil
    {
      report("needs other data of the server: give defense-knows.out-of-distribution")
    }
    if defense.needs.contains(.stableClients),
      let mixing = defense.stages.first(where: { $0.entry.mixesRows })
    {
      report("follows clients over rounds, which the stage '\(mixing.id)' mixes")
    }
    return problems
  }

  /// Why the defense does not apply to the way clients take part; `nil` if it does.
  private func absentParticipation(for defense: ResolvedDefense) -> String? {
    guard defense.needs.contains(.fullParticipation) else { return nil }
    let clients = scenario.clients
    if clients.participantCount < clients.count {
      return "\(defense.rule.id): needs every client in every round, "
        + "and \(clients.participantCount) of \(clients.count) take part"
    }
    if scenario.threat.outside == .absent && scenario.threat.maliciousCount > 0 {
      return "\(defense.rule.id): needs every client in every round, "
        + "and threat.outside is 'absent'"
    }
    return nil
  }

  /// Looks a component up and completes its parameters; `nil` if that was reported.
  private func chosen<Entry: CatalogEntry>(
    _ choice: Choice, of entries: [Entry], kind: String, in id: String
  ) -> Chosen<Entry>? {
    check(id, choice) { () throws(ConfigurationError) in
      let entry = try entries.entry(choice.use, kind: kind)
      return Chosen(
        entry, try Arguments(choice.given, for: entry.manifest, plan: facts),
        position: choice.position)
    }
  }

  private func check<R>(
    _ id: String, _ choice: Choice, _ body: () throws(ConfigurationError) -> R
  ) -> R? {
    ComponentCheck.reporting(choice, in: id, to: sink, body)
  }
}
