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

  /// Where the rounds are kept; `nil`: nowhere.
  var checkpoints: CheckpointFolder?

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
      var checkpoint = checkpoints.map {
        TrialCheckpoint($0, of: clean.key + ".shared")
      }
      let restored = try checkpoint?.restore { pass throws(ConfigurationError) -> State? in
        guard var state = try state(first, task, until: end, stop) else { return nil }
        return read(&state, &pass) ? state : nil
      }
      if let restored {
        checkpoints?.report(
          "\(clean.cell), seed \(clean.seed): \(runs.count) trials go on after round "
            + "\(restored.loop.round - 1), which they share")
        for _ in 0..<restored.loop.round { onRound() }
        return play(consume restored, &checkpoint, task, stop: stop, onRound: onRound)
      }
      guard let fresh = try state(first, task, until: end, stop) else { return nil }
      return play(consume fresh, &checkpoint, task, stop: stop, onRound: onRound)
    } catch {
      return nil
    }
  }

  /// The trials between two rounds that they share.
  private struct State {
    var loop: RoundLoop
    var followers: [TrialFollower]
    /// The first round in which an attacker may act.
    let end: Int
  }

  /// The trials before their first round.
  private func state(
    _ first: TrialRun, _ task: LocalTask, until end: Int, _ stop: StopSignal
  ) throws(ConfigurationError) -> State? {
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
    return State(
      loop: RoundLoop(
        context, task: task, attacks: attacks, defense: defense,
        needsRoot: first.trial.defenseChoice.needs.contains(.rootUpdate),
        trainsRoot: followers.contains(where: \.trainsRoot), backdoors: backdoors),
      followers: followers, end: end)
  }

  /// Passes over the loop, and over each trial by itself, so that fewer of them can go on.
  private func checkpoint(_ state: inout State, _ pass: inout CheckpointPass) {
    pass.mark("until \(state.end)")
    state.loop.checkpoint(&pass)
    var trials: [(key: String, mark: String, bytes: [UInt8])] = []
    for (index, run) in runs.enumerated() {
      var bytes: [UInt8] = []
      var own = CheckpointPass { pieces in
        bytes += pieces
        return nil
      }
      state.followers[index].checkpoint(&own)
      own.finish()
      trials.append((run.run.trial.key, run.run.checkpointMark, bytes))
    }
    Self.visit(&trials, &pass)
  }

  private static func visit(
    _ trials: inout [(key: String, mark: String, bytes: [UInt8])], _ pass: inout CheckpointPass
  ) {
    pass.visit(&trials, from: ("", "", [])) { pass, trial in
      pass.visit(&trial.key)
      pass.visit(&trial.mark)
      pass.visit(&trial.bytes)
    }
  }

  /// Reads a checkpoint into fresh trials; returns whether they are among those that it is of.
  private func read(_ state: inout State, _ pass: inout CheckpointPass) -> Bool {
    pass.mark("until \(state.end)")
    state.loop.checkpoint(&pass)
    var trials: [(key: String, mark: String, bytes: [UInt8])] = []
    Self.visit(&trials, &pass)
    guard pass.problem == nil else { return false }
    for (index, run) in runs.enumerated() {
      guard
        let own = trials.first(where: {
          $0.key == run.run.trial.key && $0.mark == run.run.checkpointMark
        })
      else { return false }
      var reading = CheckpointPass(reading: own.bytes)
      state.followers[index].checkpoint(&reading)
      reading.finish()
      if let problem = reading.problem { pass.fail(problem) }
      if state.followers[index].ledger.trace.rounds.count != state.loop.round {
        pass.fail("it is of another length")
      }
    }
    if state.loop.round > state.end { pass.fail("it is of another length") }
    return pass.problem == nil
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
    _ start: consuming State, _ checkpoint: inout TrialCheckpoint?, _ task: LocalTask,
    stop: StopSignal, onRound: () -> Void
  ) -> Fork? {
    var state = start
    for round in state.loop.round..<state.end {
      if stop.isStopped { return nil }
      for index in state.followers.indices {
        state.followers[index].observe(round: round, global: state.loop.global)
      }
      let isKept = state.followers.contains { $0.ledger.wantsRows(of: round) }
      guard let observation = try? state.loop.advance(keepsRows: isKept) else { return nil }
      let rows = state.loop.takeReceived()
      for index in state.followers.indices {
        state.followers[index].take(observation, rows, state.loop, task: task)
      }
      checkpoint?.save(isEnd: round == state.end - 1) { self.checkpoint(&state, &$0) }
      onRound()
    }
    return Fork(
      snapshot: state.loop.snapshot,
      followers: Dictionary(uniqueKeysWithValues: zip(runs.map(\.place), state.followers)))
  }
}
