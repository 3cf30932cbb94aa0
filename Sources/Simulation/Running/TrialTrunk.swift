import Components
import Determinism
import Federation
import Tensors
import Training

/// Trials of one combination, seed and defense, which are the same until an attacker acts.
struct TrialTrunk {
  /// Their places in the plan, and how each is run; at least one.
  let runs: [(place: Int, run: TrialRun)]
  /// The clean trial of the same combination, seed and defense.
  let clean: PlannedTrial
  let data: FederationData

  /// Where the trials part.
  struct Fork: Sendable {
    let snapshot: LoopSnapshot
    /// By places in the plan.
    var followers: [Int: TrialFollower]
  }

  /// Plays the rounds that the trials have in common, once.
  ///
  /// - Parameters:
  ///   - end: The first round in which an attacker may act.
  ///   - stop: Ends it between batches.
  ///   - onRound: Called after each round.
  /// - Returns: `nil` where the trials have to be played alone: they cannot be made, or fail in these
  ///   rounds, which each then says for itself; the stop signal came; or something cannot be copied.
  func play(until end: Int, stop: StopSignal, onRound: () -> Void) -> Fork? {
    guard let first = runs.first?.run, case .here(let task) = first.variant.task.site else {
      return nil
    }
    do throws(ConfigurationError) {
      let (setups, seed) = (first.variant.setups, first.trial.seed)
      let defense = try first.trial.defenseChoice.make(setups.defense(data: data))
      let attacks = try clean.attackChoice.make(setups.attack(seed: seed, data: data))
      let context = TrialContext(
        variant: first.variant, seed: SeedPath(root: seed), data: data, pool: first.pool,
        substitutions: first.substitutions, stop: stop)
      // A substitution may move the rounds in which the attack acts.
      let acting = context.attackRounds
      let end = acting.isEmpty ? end : min(end, acting.lowerBound)
      let followers = try runs.map { run throws(ConfigurationError) in
        try follower(run.run, defense, context, task)
      }
      guard end > 0, defense.isCopyable, attacks.isCopyable,
        followers.allSatisfy(\.parts.attacks.isCopyable)
      else { return nil }
      let backdoors = followers.filter { !$0.attacks.hasRoundTriggers }
        .flatMap(\.parts.backdoors).uniqued()
      return play(
        RoundLoop(
          context, task: task, attacks: attacks, defense: defense,
          needsRoot: first.trial.defenseChoice.needs.contains(.rootUpdate),
          trainsRoot: followers.contains(where: \.trainsRoot), backdoors: backdoors),
        followers, task, rounds: end, stop: stop, onRound: onRound)
    } catch {
      return nil
    }
  }

  private func follower(
    _ run: TrialRun, _ defense: DefensePipeline, _ context: TrialContext, _ task: LocalTask
  ) throws(ConfigurationError) -> TrialFollower {
    let parts = try TrialParts(run, data: data)
    return TrialFollower(
      run, parts,
      TrialLedger(
        of: run, parts, isOutsideProof: defense.isOutsideProof,
        controlled: context.sampling.controlled, control: run.control(.here(task), data, parts)))
  }

  private func play(
    _ start: consuming RoundLoop, _ all: [TrialFollower], _ task: LocalTask, rounds: Int,
    stop: StopSignal, onRound: () -> Void
  ) -> Fork? {
    var loop = start
    var followers = all
    for round in 0..<rounds {
      if stop.isStopped { return nil }
      for index in followers.indices { followers[index].observe(round: round, global: loop.global) }
      let isKept = followers.contains { $0.ledger.wantsRows(of: round) }
      guard let observation = try? loop.advance(keepsRows: isKept) else { return nil }
      let rows = loop.takeReceived()
      for index in followers.indices { followers[index].take(observation, rows, loop, task: task) }
      onRound()
    }
    return Fork(
      snapshot: loop.snapshot,
      followers: Dictionary(uniqueKeysWithValues: zip(runs.map(\.place), followers)))
  }
}
