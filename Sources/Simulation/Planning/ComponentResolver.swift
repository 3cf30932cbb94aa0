import Components
import Datasets
import Diagnostics
import Documents
import Federation
import Tensors

/// Checks the components of one combination against the plan and completes their parameters.
struct ComponentResolver {
  let scenario: Scenario
  let catalog: Catalog
  let task: TaskFacts
  var sink: ProblemSink
  /// Where relative paths of components start.
  let folder: String
  /// The size of the trigger that stands in for one of the scenario that does not fit.
  var standInSize = 1

  private var setups: ComponentSetups { ComponentSetups(scenario: scenario, task: task) }

  /// What a trainer in another process does not do; `nil`: data and model are here.
  private var trainerFit: TrainerFit? { task.trainer.map { TrainerFit(facts: $0.facts) } }

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
        "trigger": .text("square"), "size": .integer(standInSize), "target": .integer(0),
        "source": .text("none"), "file": .text("none"), "top": .text("corner"),
        "left": .text("corner"), "phrase": .text("none"), "at": .text("end"),
      ]) { _, new in new }
  }

  /// Reports a scenario-wide backdoor, or a class of outside data, that does not fit the data.
  func checkThreat() {
    let classes = task.classCount
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
    let classes = task.classCount
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
    guard !backdoorProblems.isEmpty else { return attack(choice) }
    // What an attack says about the smallest trigger and not about the largest one is about what stands
    // in for the scenario's, which was reported.
    var (small, large) = (self, self)
    small.sink = ProblemSink()
    large.sink = ProblemSink()
    large.standInSize = largestSize
    let resolved = small.attack(choice)
    _ = large.attack(choice)
    for problem in small.sink.problems where large.sink.problems.contains(problem) {
      sink.report(problem.message, at: problem.position)
    }
    return resolved
  }

  private var largestSize: Int {
    switch task.shape {
    case .vector(let count): max(1, count)
    case .image(let height, let width, _): max(1, min(height, width))
    }
  }

  private func attack(_ choice: AttackChoice) -> (attack: ResolvedAttack, reason: String?)? {
    checkSchedule(choice.schedule, of: choice, at: "attacks.\(excerpt(choice.id))")
    guard choice.groups.isEmpty else { return resolveGroups(choice) }
    guard let single = single(choice) else { return nil }
    let attack = ResolvedAttack(single)
    return feasibility(choice, single, setups.attack(seed: 0, data: nil)).map { (attack, $0) }
  }

  /// Looks up an attack and its modifiers; `nil` if it was reported.
  private func single(_ choice: AttackChoice) -> SingleAttack? {
    let modifiers = choice.modifiers.compactMap {
      chosen($0, of: catalog.modifiers, kind: "modifier", in: choice.id)
    }
    guard
      let own = chosen(choice.choice, of: catalog.attacks, kind: "attack", in: choice.id)
        .map({ $0.read(task.patterns.digests(of: $0)) }),
      modifiers.count == choice.modifiers.count
    else { return nil }
    return SingleAttack(attack: own, modifiers: modifiers, schedule: choice.schedule)
  }

  /// Returns why an attack cannot run, an inner `nil` if it can; `nil` if that was reported.
  private func feasibility(
    _ choice: AttackChoice, _ attack: SingleAttack, _ setup: AttackSetup
  ) -> String?? {
    check(choice.id, choice.choice) { () throws(ConfigurationError) -> String? in
      if let reason = trainerFit?.reason(against: attack) { return reason }
      do throws(ConfigurationError) {
        let made = try attack.make(setup)
        if made.goal != .none && scenario.threat.maliciousCount == 0 {
          return "threat.malicious gives 0 of \(scenario.clients.count) clients to attack"
        }
        if made.threatModel.knowledge > .ownClients && scenario.threat.knowledge == .own {
          return "\(choice.id) needs the honest updates; threat.knowledge is 'own'"
        }
        if let reason = trainerFit?.reason(against: made, choice.id, clients: setup.controlled) {
          return reason
        }
      } catch {
        guard error.isInfeasibility else { throw error }
        return error.description
      }
      return nil
    }
  }

  // MARK: - Groups

  private func resolveGroups(
    _ choice: AttackChoice
  ) -> (attack: ResolvedAttack, reason: String?)? {
    let key = "attacks.\(excerpt(choice.id)).groups"
    for (place, group) in choice.groups.enumerated() {
      let own = "\(key)[\(place)].attack"
      checkSchedule(group.attack.schedule, of: group.attack, at: own)
      if group.attack.isClean {
        sink.report("\(own): a group attacks; 'none' does not", at: group.attack.choice.position)
      }
    }
    let singles = choice.groups.compactMap { single($0.attack) }
    guard let shares = shares(of: choice, key), singles.count == choice.groups.count else {
      return nil
    }
    let count = scenario.threat.maliciousCount
    let sizes = GroupSizes.sizes(shares, of: count)
    let attack = ResolvedAttack(
      groups: zip(zip(choice.groups, sizes), singles).map {
        ResolvedAttack.Group(name: $0.0.name, clientCount: $0.1, attack: $1)
      }, schedule: choice.schedule)
    if count > 0, let place = sizes.firstIndex(of: 0) {
      return (
        attack,
        "the group '\(choice.groups[place].name)' of \(choice.id) gets none of the "
          + "\(count) attackers"
      )
    }
    let setup = setups.attack(seed: 0, data: nil)
    var reasons: [String] = []
    for ((group, single), hand) in zip(
      zip(choice.groups, singles), attack.hands(of: setup.controlled))
    {
      guard let reason = feasibility(group.attack, single, setup.limited(to: hand)) else {
        return nil
      }
      reasons += [reason].compactMap(\.self)
    }
    return (attack, reasons.first)
  }

  /// The share of each group: its own, or that of the group of `threat.groups` with its name, or its
  /// place if there are as many; `nil` if something was reported.
  private func shares(of choice: AttackChoice, _ key: String) -> [Double]? {
    let listed = scenario.threat.groups
    var shares: [Double] = []
    for (place, group) in choice.groups.enumerated() where group.isSound {
      if let share = group.share ?? listed.first(where: { $0.name == group.name })?.share {
        shares.append(share)
      } else if group.givenName == nil && listed.count == choice.groups.count {
        shares.append(listed[place].share)
      } else if let name = group.givenName, !listed.isEmpty {
        sink.report(
          "\(key)[\(place)]: threat.groups has no '\(excerpt(name))', and no 'share' is given"
            + suggestion(for: name, among: listed.map(\.name)), at: group.position)
      } else {
        sink.report(
          "\(key)[\(place)].share is missing; give it here, or for all attacks in threat.groups",
          at: group.position)
      }
    }
    guard shares.count == choice.groups.count else { return nil }
    if let problem = GroupSizes.problem(shares) {
      sink.report("\(key): \(problem)", at: choice.choice.position)
      return nil
    }
    return shares
  }

  /// Reports a schedule in which the attack does not act as it says.
  private func checkSchedule(
    _ schedule: Chosen<AttackScheduleEntry>?, of choice: AttackChoice, at path: String
  ) {
    guard let schedule else { return }
    let key = "\(path).schedule"
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
      if let reason = trainerFit?.reason(against: defense) { return (defense, reason) }
      let missing = missingData(for: defense)
      guard missing.isEmpty else { throw ConfigurationError(missing) }
      do throws(ConfigurationError) {
        let made = try defense.make(setups.defense(data: nil))
        if let reason = trainerFit?.reason(against: made, defense.rule.id) {
          return (defense, reason)
        }
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
    if clients.losesUpdates {
      return "\(defense.rule.id): needs every client in every round, "
        + "and under \(clients.dropout > 0 ? "clients.dropout" : "clients.deadline") some are "
        + "left out"
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
      let arguments = try Arguments(choice.given, for: entry.manifest, plan: facts)
      guard let described = try entry.described(by: arguments, in: folder) else {
        return Chosen(entry, arguments, position: choice.position)
      }
      return Chosen(
        described.entry, arguments, position: choice.position, identity: described.identity)
    }
  }

  private func check<R>(
    _ id: String, _ choice: Choice, _ body: () throws(ConfigurationError) -> R
  ) -> R? {
    ComponentCheck.reporting(choice, in: id, to: sink, body)
  }
}
