import Datasets
import Determinism
import Federation
import Tensors
import Training

/// Runs one trial from its first round to its last.
struct TrialRun {
  let variant: Plan.Variant
  let trial: PlannedTrial
  let data: FederationData
  /// The backdoors of other attacks that this clean trial is the twin of.
  let alsoEvaluated: [Backdoor]
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
      let seed = SeedPath(root: trial.seed)
      let attack = try Self.attack(variant, trial)
      let defense = try trial.defenseChoice.make(
        ComponentResolver.defenseSetup(variant.scenario, model: variant.model))
      let backdoor = Self.backdoor(variant, trial, goal: attack.goal)
      let backdoors = ([backdoor].compactMap { $0 } + alsoEvaluated).uniqued()
      let loop = RoundLoop(
        RoundLoop.Setup(
          scenario: variant.scenario, model: variant.model, data: data, backdoors: backdoors,
          seed: seed, pool: pool, substitutions: substitutions),
        attack: attack, defense: defense)
      return play(loop, goal: attack.goal, backdoor: backdoor, stop: stop, onRound: onRound)
    } catch {
      return .failed(error.description)
    }
  }

  private func play(
    _ start: RoundLoop, goal: AttackGoal, backdoor: Backdoor?, stop: StopSignal,
    onRound: () -> Void
  ) -> Outcome {
    var loop = start
    var meters = metrics.meters.map {
      $0.init(
        MeterSetup(
          rounds: trial.rounds, classCount: variant.model.classCount,
          parameterCount: variant.model.layout.count, backdoor: backdoor))
    }
    var trace = TrialTrace(
      rounds: [], window: variant.scenario.threat.window, classCount: variant.model.classCount,
      goal: goal, backdoor: backdoor,
      declaresMalicious: trial.defenseChoice.rule.entry.declaresMalicious)
    for _ in 0..<trial.rounds {
      if stop.isStopped { return .stopped }
      let observation: RoundObservation
      do throws(DefenseError) {
        observation = try loop.advance()
      } catch {
        return .failed(error.description)
      }
      var figures: [String: Double] = [:]
      for index in meters.indices {
        figures.merge(meters[index].observe(observation)) { _, new in new }
      }
      trace.rounds.append(
        TrialTrace.Round(
          evaluation: observation.evaluation, figures: figures,
          droppedCount: observation.dropped.count))
      onRound()
    }
    for index in meters.indices {
      trace.summary.merge(meters[index].finish()) { _, new in new }
    }
    trace.trainingAccuracy = loop.trainingAccuracy()
    trace.isDiverged = !loop.global.allSatisfy(\.isFinite)
    trace.resolved = loop.resolved
    trace.parametersDigest = ParametersDigest.hexadecimal(of: loop.global)
    return .finished(trace, loop.hygiene)
  }

  static func attack(_ variant: Plan.Variant, _ trial: PlannedTrial) throws(ConfigurationError)
    -> any Attack
  {
    let source = variant.data.source
    let setup = ComponentResolver.attackSetup(
      variant.scenario, shape: source.shape, classCount: source.classCount, model: variant.model,
      seed: SeedPath(root: trial.seed))
    return try trial.attackChoice.entry.make(trial.attackChoice.arguments, setup)
  }

  /// The backdoor that a trial reports on: the attack's own, else the scenario's.
  static func backdoor(_ variant: Plan.Variant, _ trial: PlannedTrial, goal: AttackGoal)
    -> Backdoor?
  {
    if case .backdoor(let own) = goal { return own }
    guard let settings = variant.scenario.threat.backdoor else { return nil }
    let trigger = ComponentResolver.trigger(
      settings, on: variant.data.source.shape,
      seed: SeedPath(root: trial.seed).child("trigger"))
    return trigger.map { Backdoor(trigger: $0, target: settings.target, source: settings.source) }
  }
}
