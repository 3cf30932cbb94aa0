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

  enum Outcome {
    case finished(TrialTrace, DefenseHygiene)
    case failed(String)
    /// The stop signal came; what was computed is dropped.
    case stopped
  }

  func run(stop: StopSignal, onRound: () -> Void) -> Outcome {
    do throws(ConfigurationError) {
      let setups = variant.setups
      let attack = try trial.attackChoice.make(setups.attack(seed: trial.seed, data: data))
      let defense = try trial.defenseChoice.make(setups.defense(data: data))
      let backdoor = try backdoor(goal: attack.goal)
      let twins = try twinGoals()
      let backdoors = [backdoor].compactMap { $0 } + attack.evaluated + twins.backdoors
      let control = attack.roundTrigger == nil ? nil : backdoor
      let isOutsideProof = defense.isOutsideProof
      let surface = attack.threatModel.surface
      let context = TrialContext(
        variant: variant, seed: SeedPath(root: trial.seed), data: data, pool: pool,
        substitutions: substitutions, stop: stop)
      // Without a name: a second owner of the loop would be a second matrix of updates.
      return play(
        RoundLoop(
          context, attack: attack, defense: defense,
          needsRoot: trial.defenseChoice.needs.contains(.rootUpdate), backdoors: backdoors.uniqued()
        ),
        goal: attack.goal, surface: surface, backdoor: backdoor, parts: attack.evaluated,
        isOutsideProof: isOutsideProof, keepsModels: twins.keepsModels,
        control: control.map {
          TriggerControl(
            model: variant.task.model, test: data.test, backdoor: $0,
            seed: SeedPath(root: trial.seed))
        }, stop: stop, onRound: onRound)
    } catch {
      return .failed(error.description)
    }
  }

  private func play(
    _ start: consuming RoundLoop, goal: AttackGoal, surface: ThreatModel.Surface,
    backdoor: Backdoor?, parts: [Backdoor], isOutsideProof: Bool, keepsModels: Bool,
    control: TriggerControl?, stop: StopSignal, onRound: () -> Void
  ) -> Outcome {
    var loop = start
    let (model, scenario) = (variant.task.model, variant.scenario)
    var meters = metrics.meters.map {
      $0.init(
        MeterSetup(
          rounds: trial.rounds, classCount: model.classCount, parameterCount: model.layout.count,
          backdoor: backdoor, declaredByzantine: trial.defenseChoice.leastByzantineCount,
          followsClients: trial.defenseChoice.needs.contains(.stableClients)))
    }
    let entry = trial.defenseChoice.rule.entry
    var trace = TrialTrace(
      rounds: [], window: scenario.threat.window, classCount: model.classCount, goal: goal,
      backdoor: backdoor, declaresMalicious: entry.traits.contains(.declaresMalicious))
    trace.isOutsideProof = isOutsideProof
    trace.control = control
    let firstKept = TriggerControl.firstRound(
      window: scenario.threat.window, rounds: trial.rounds)
    for round in 0..<trial.rounds {
      if stop.isStopped { return .stopped }
      let observation: RoundObservation
      do throws(RoundFailure) {
        observation = try loop.advance()
      } catch {
        switch error {
        case .defense(let error): return .failed(error.description)
        case .stopped: return .stopped
        }
      }
      var figures = observation.reported(entry.reports)
      for index in meters.indices {
        figures.merge(meters[index].observe(observation)) { _, new in new }
      }
      trace.rounds.append(
        TrialTrace.Round(
          evaluation: observation.evaluation, figures: figures,
          droppedCount: observation.dropped.count))
      if round >= firstKept && observation.evaluation != nil {
        trace.control?.triggers[round] = loop.attack.roundTrigger
        if keepsModels {
          trace.models[round] = FinishedRound(
            global: loop.global, smoothing: loop.defense.smoothing)
        }
      }
      onRound()
    }
    for index in meters.indices {
      trace.summary.merge(meters[index].finish()) { _, new in new }
    }
    trace.trainingAccuracy = loop.trainingAccuracy()
    if stop.isStopped { return .stopped }
    trace.isDiverged = !loop.global.allSatisfy(\.isFinite)
    trace.smoothed = loop.smoothedOutcome(of: trial, surface: surface)
    trace.resolved = loop.resolved
    trace.triggerSize = backdoor.flatMap { loop.triggerSize(of: $0) }
    trace.note(parts)
    trace.parametersDigest = ParametersDigest.hexadecimal(of: loop.global)
    return .finished(trace, loop.hygiene)
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
  static func id(_ report: String) -> String { "defense." + report }
}

extension TrialTrace {
  /// Records the success of the parts of a backdoor at the end of the window.
  fileprivate mutating func note(_ parts: [Backdoor]) {
    guard let last = lastWindowRound, let evaluation = rounds[last].evaluation else { return }
    for (index, part) in parts.enumerated() {
      guard let counts = evaluation.triggered[part], counts.examples > 0 else { continue }
      resolved["asr.part.\(index)"] = Double(counts.hits) / Double(counts.examples)
    }
  }
}
