import Components
import Determinism
import Federation

/// What a trial is built from, besides its defense, once its data are there.
struct TrialParts: Sendable {
  /// The attacks as they were made.
  let attacks: AttackGroups
  let goal: AttackGoal
  let surface: ThreatModel.Surface
  /// The backdoor that the trial reports on: the attack's own, else the scenario's.
  let backdoor: Backdoor?
  /// Backdoors whose success is measured besides it, with the name of that figure.
  let evaluated: [(figure: String, backdoor: Backdoor)]
  /// All backdoors that the models of the trial are scored on.
  let backdoors: [Backdoor]
  /// Whether an attack that the trial is the clean twin of has triggers that are known only when it has
  /// run.
  let keepsModels: Bool

  init(_ run: TrialRun, data: FederationData) throws(ConfigurationError) {
    attacks = try run.trial.attackChoice.make(
      run.variant.setups.attack(seed: run.trial.seed, data: data))
    goal = attacks.goal
    surface = attacks.threatModel.surface
    backdoor = try Self.backdoor(run, goal: goal)
    evaluated = attacks.evaluated
    let twins = try Self.twinGoals(run)
    keepsModels = twins.keepsModels
    backdoors =
      ([backdoor].compactMap { $0 } + evaluated.map(\.backdoor) + twins.backdoors).uniqued()
  }

  private static func backdoor(
    _ run: TrialRun, goal: AttackGoal
  ) throws(ConfigurationError) -> Backdoor? {
    if case .backdoor(let own) = goal { return own }
    guard let settings = run.variant.scenario.threat.backdoor else { return nil }
    return try run.variant.setups.backdoor(settings, seed: run.trial.seed)
  }

  /// The backdoors of the attacked trials that this one is the twin of, and whether one of them has
  /// triggers that are known only when it has run.
  private static func twinGoals(_ run: TrialRun) throws(ConfigurationError)
    -> (backdoors: [Backdoor], keepsModels: Bool)
  {
    var backdoors: [Backdoor] = []
    var keepsModels = false
    let setup = run.variant.setups.attack(seed: run.trial.seed, data: run.data)
    for other in run.attacked {
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
