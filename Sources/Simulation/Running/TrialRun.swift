import Components
import Determinism
import Federation
import Tensors
import Training

/// Runs one trial from its first round to its last.
struct TrialRun {
  let variant: Plan.Variant
  let trial: PlannedTrial
  let data: FederationData
  /// The attacked trials that this clean trial is the twin of, whose backdoors it is measured on.
  let attacked: [PlannedTrial]
  let pool: WorkPool
  let metrics: MetricCatalog
  let substitutions: Substitutions
  let trainers: TrainerPool
  /// Who sees what the trial makes; `nil`: nobody.
  var observation: TrialObservation?

  enum Outcome {
    case finished(TrialTrace, DefenseHygiene)
    case failed(String)
    /// The stop signal came; what was computed is dropped.
    case stopped
  }

  /// How far one attempt came.
  enum Attempt {
    case ended(Outcome)
    /// A component lost what it remembered; why.
    case interrupted(String)
  }

  /// Runs the trial; a second time from its start where a component in another process was lost that
  /// had a memory.
  func run(stop: StopSignal, onRound: () -> Void) -> Outcome {
    // Rounds that are played again are told once.
    var told = 0
    var interruption = ""
    for _ in 0..<2 {
      var rounds = 0
      let attempt = attempt(stop: stop) {
        rounds += 1
        guard rounds > told else { return }
        told = rounds
        onRound()
      }
      switch attempt {
      case .ended(let outcome): return outcome
      case .interrupted(let reason):
        // A stop may have ended the process.
        if stop.isStopped { return .stopped }
        interruption = reason
      }
    }
    return .failed(interruption + "; it was the second try")
  }

  private func attempt(stop: StopSignal, onRound: () -> Void) -> Attempt {
    switch variant.task.site {
    case .here(let task): attempt(.here(task), on: data, stop: stop, onRound: onRound)
    case .elsewhere(let task): attempt(task, stop: stop, onRound: onRound)
    }
  }

  /// Who trains the clients and scores models.
  enum Side {
    case here(LocalTask)
    case elsewhere(any TrainerProcess, TrainerFacts, initial: [Float])
  }

  /// Plays the trial, once.
  func attempt(
    _ side: Side, on data: FederationData, stop: StopSignal, onRound: () -> Void
  ) -> Attempt {
    do throws(ConfigurationError) {
      let setups = variant.setups
      let attacks = try trial.attackChoice.make(setups.attack(seed: trial.seed, data: data))
      let defense = try trial.defenseChoice.make(setups.defense(data: data))
      let backdoor = try backdoor(goal: attacks.goal)
      let twins = try twinGoals()
      let parts = attacks.evaluated
      let backdoors = [backdoor].compactMap { $0 } + parts.map(\.backdoor) + twins.backdoors
      let isOutsideProof = defense.isOutsideProof
      let surface = attacks.threatModel.surface
      let context = TrialContext(
        variant: variant, attack: trial.attackChoice, seed: SeedPath(root: trial.seed), data: data,
        pool: pool, substitutions: substitutions, stop: stop)
      // Without a name: a second owner of the loop would be a second matrix of updates.
      return play(
        loop(side, context, attacks, defense, backdoors.uniqued()), data: data,
        goal: attacks.goal, surface: surface, backdoor: backdoor, parts: parts,
        isOutsideProof: isOutsideProof, keepsModels: twins.keepsModels,
        control: attacks.roundTrigger == nil
          ? nil : backdoor.flatMap { control(side, data, $0) }, stop: stop, onRound: onRound)
    } catch {
      return .ended(.failed(error.description))
    }
  }

  private func loop(
    _ side: Side, _ context: TrialContext, _ attacks: AttackGroups, _ defense: DefensePipeline,
    _ backdoors: [Backdoor]
  ) -> RoundLoop {
    switch side {
    case .here(let task):
      return RoundLoop(
        context, task: task, attacks: attacks, defense: defense,
        needsRoot: trial.defenseChoice.needs.contains(.rootUpdate),
        trainsRoot: observation?.wantsRows == true, backdoors: backdoors)
    case .elsewhere(let process, let facts, let initial):
      let trainer = TrainerSide(context, process: process, facts: facts, backdoors: backdoors)
      return RoundLoop(
        context, attacks: attacks, defense: defense, from: initial, training: trainer,
        scorer: trainer)
    }
  }

  /// What a clean twin is measured with, where the trigger changes over the rounds.
  private func control(
    _ side: Side, _ data: FederationData, _ backdoor: Backdoor
  ) -> TriggerControl? {
    guard case .here(let task) = side else { return nil }
    return TriggerControl(
      model: task.model, test: data.test, backdoor: backdoor, seed: SeedPath(root: trial.seed))
  }

  private func play(
    _ start: consuming RoundLoop, data: FederationData, goal: AttackGoal,
    surface: ThreatModel.Surface, backdoor: Backdoor?,
    parts: [(figure: String, backdoor: Backdoor)], isOutsideProof: Bool, keepsModels: Bool,
    control: TriggerControl?, stop: StopSignal, onRound: () -> Void
  ) -> Attempt {
    var loop = start
    let (task, scenario) = (variant.task, variant.scenario)
    let setup = MeterSetup(
      rounds: trial.rounds, classCount: task.classCount, parameterCount: task.layout.count,
      backdoor: backdoor, declaredByzantine: trial.defenseChoice.leastByzantineCount,
      followsClients: trial.defenseChoice.needs.contains(.stableClients),
      labelSkew: data.labelSkew)
    var meters = metrics.meters.map { $0.init(setup) }
    var views = views(setup, controlled: loop.context.sampling.controlled)
    let entry = trial.defenseChoice.rule.entry
    var trace = TrialTrace(
      rounds: [], window: scenario.threat.window, classCount: task.classCount, goal: goal,
      backdoor: backdoor, declaresMalicious: entry.traits.contains(.declaresMalicious))
    trace.isOutsideProof = isOutsideProof
    trace.isTrainedElsewhere = task.trainer != nil
    trace.control = control
    let firstKept = TriggerControl.firstRound(
      window: scenario.threat.window, rounds: trial.rounds)
    for round in 0..<trial.rounds {
      if stop.isStopped { return .ended(.stopped) }
      let observation: RoundObservation
      do throws(RoundFailure) {
        observation = try loop.advance(
          keepsRows: self.observation?.wantsRows(of: round) ?? false)
      } catch {
        switch error {
        case .attack(let failure) where failure.isInterruption:
          return .interrupted(failure.reason)
        case .attack(let failure): return .ended(.failed(failure.reason))
        case .defense(.interrupted(let component, let reason)):
          return .interrupted("\(component): \(reason)")
        case .defense(let error): return .ended(.failed(error.description))
        case .trainer(let error): return Attempt(error)
        case .stopped: return .ended(.stopped)
        }
      }
      self.observation?.observe(observation, loop.takeReceived())
      var figures = observation.reported(entry.reports)
      if scenario.clients.losesUpdates {
        figures.merge(AttendanceSeries.figures(of: observation)) { _, new in new }
      }
      for index in meters.indices {
        figures.merge(meters[index].observe(observation)) { _, new in new }
      }
      for key in views.keys { views[key]?.observe(observation) }
      trace.rounds.append(
        TrialTrace.Round(
          evaluation: observation.evaluation, figures: figures,
          droppedCount: observation.dropped.count))
      if round >= firstKept && observation.evaluation != nil {
        trace.control?.triggers[round] = loop.attacks.roundTrigger
        if keepsModels {
          trace.models[round] = FinishedRound(
            global: loop.global, smoothing: loop.defense.smoothing)
        }
      }
      onRound()
    }
    for index in meters.indices {
      trace.summary.merge(meters[index].finish()) { _, new in new }
      trace.operatingCurves.merge(meters[index].operatingCurves()) { _, new in new }
    }
    trace.views = views.mapValues { view in
      var view = view
      view.finish()
      return view
    }
    let accuracy = loop.trainingAccuracy()
    trace.trainingAccuracy = accuracy?.pooled
    trace.honestAccuracies = accuracy?.each ?? []
    if stop.isStopped { return .ended(.stopped) }
    trace.isDiverged = !loop.global.allSatisfy(\.isFinite)
    trace.smoothed = loop.smoothedOutcome(of: trial, surface: surface)
    trace.resolved = loop.resolved
    trace.triggerSize = backdoor.flatMap { loop.triggerSize(of: $0) }
    trace.note(parts)
    trace.parametersDigest = ParametersDigest.hexadecimal(of: loop.global)
    if let watch = self.observation, watch.wantsModel {
      let examples = backdoor.flatMap {
        loop.triggeredExamples(of: $0, limit: TrialObservation.exampleLimit)
      }
      watch.finish(
        with: TrainedModel(
          parameters: loop.global, backdoor: backdoor, triggered: examples?.triggered,
          clean: examples?.clean))
      if stop.isStopped { return .ended(.stopped) }
    }
    return .ended(.finished(trace, loop.hygiene))
  }

  /// Meters for attacked trials that this one is the twin of, in which others act than here.
  private func views(_ setup: MeterSetup, controlled: [ClientID]) -> [String: MeterView] {
    let threat = variant.scenario.threat
    var views: [String: MeterView] = [:]
    for other in attacked {
      guard let key = other.attackChoice.rosterKey, views[key] == nil else { continue }
      views[key] = MeterView(
        metrics.meters.map { $0.init(setup) },
        roster: AttackRoster(
          controlled: controlled, threat: threat, attack: other.attackChoice,
          seed: SeedPath(root: trial.seed)),
        window: threat.window)
    }
    return views
  }

  /// The backdoor that the trial reports on: the attack's own, else the scenario's.
  private func backdoor(goal: AttackGoal) throws(ConfigurationError) -> Backdoor? {
    if case .backdoor(let own) = goal { return own }
    guard let settings = variant.scenario.threat.backdoor else { return nil }
    return try variant.setups.backdoor(settings, seed: trial.seed)
  }

  /// The backdoors of the attacked trials that this one is the twin of, and whether one of them has
  /// triggers that are known only when it has run.
  private func twinGoals() throws(ConfigurationError)
    -> (backdoors: [Backdoor], keepsModels: Bool)
  {
    var backdoors: [Backdoor] = []
    var keepsModels = false
    let setup = variant.setups.attack(seed: trial.seed, data: data)
    for other in attacked {
      let attack = try other.attackChoice.make(setup)
      guard attack.roundTrigger == nil else {
        keepsModels = true
        continue
      }
      if case .backdoor(let own) = attack.goal { backdoors.append(own) }
    }
    return (backdoors, keepsModels)
  }
}

extension RoundObservation {
  /// The numbers that the rule reported, as series of per-round results.
  fileprivate func reported(_ names: [String]) -> [String: Double] {
    var figures: [String: Double] = [:]
    for name in names {
      if case .number(let value)? = report[name], value.isFinite {
        figures[RuleSeries.id(name)] = value
      }
    }
    return figures
  }
}

/// The series of per-round results that come from what rules report about themselves.
enum RuleSeries {
  private static let prefix = "defense."

  static func id(_ report: String) -> String { prefix + report }

  static func isReported(_ id: String) -> Bool { id.hasPrefix(prefix) }
}

extension TrialTrace {
  /// Records the success of the parts of a backdoor, and of those of groups, at the end of the window.
  fileprivate mutating func note(_ parts: [(figure: String, backdoor: Backdoor)]) {
    guard let last = lastWindowRound, let evaluation = rounds[last].evaluation else { return }
    for (figure, part) in parts {
      guard let counts = evaluation.triggered[part], counts.examples > 0 else { continue }
      resolved[figure] = Double(counts.hits) / Double(counts.examples)
    }
  }
}
