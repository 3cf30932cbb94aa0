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
  /// Where it keeps how far it is; `nil`: nowhere.
  var checkpoints: CheckpointFolder?

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
  ///
  /// - Parameters:
  ///   - start: Returns where it goes on, and how many of its rounds were told already; asked where it
  ///     has no checkpoint. `nil`: from its first round.
  ///   - stop: Ends it between batches.
  ///   - onRound: Called after each round.
  /// - Returns: How it ended.
  func run(
    from start: () -> (start: ForkCache.Start?, told: Int) = { (nil, 0) }, stop: StopSignal,
    onRound: () -> Void
  ) -> Outcome {
    // Rounds that are played again are told once.
    var told = 0
    var interruption = ""
    for number in 0..<2 {
      var rounds = 0
      func reach(_ round: Int) {
        rounds = round
        while told < rounds {
          told += 1
          onRound()
        }
      }
      func attempt() -> Attempt {
        if number == 0 {
          if let resumed = resumed(stop) {
            checkpoints?.report(
              "\(trial.cell), seed \(trial.seed): goes on after round \(resumed.loop.round - 1)")
            reach(resumed.loop.round)
            return play(consume resumed, stop: stop) { reach(rounds + 1) }
          }
          let (start, already) = start()
          told = already
          if let start, case .here(let task) = variant.task.site {
            reach(start.snapshot.round)
            return play(
              State(
                loop: loop(task, context(data, stop), from: start), ledger: start.follower.ledger,
                parts: start.follower.parts), stop: stop
            ) { reach(rounds + 1) }
          }
        }
        return self.attempt(stop: stop) { reach(rounds + 1) }
      }
      switch attempt() {
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

  /// Plays the trial from its first round, once.
  func attempt(
    _ side: Side, on data: FederationData, stop: StopSignal, onRound: () -> Void
  ) -> Attempt {
    do throws(ConfigurationError) {
      // Without a name: a second owner of the loop would be a second matrix of updates.
      return play(try state(side, data, stop), stop: stop, onRound: onRound)
    } catch {
      return .ended(.failed(error.description))
    }
  }

  /// A trial between two rounds.
  private struct State {
    var loop: RoundLoop
    var ledger: TrialLedger
    let parts: TrialParts
  }

  /// The trial before its first round.
  private func state(
    _ side: Side, _ data: FederationData, _ stop: StopSignal
  ) throws(ConfigurationError) -> State {
    let parts = try TrialParts(self, data: data)
    let defense = try trial.defenseChoice.make(variant.setups.defense(data: data))
    let context = context(data, stop)
    let ledger = TrialLedger(
      of: self, parts, isOutsideProof: defense.isOutsideProof,
      controlled: context.sampling.controlled, control: control(side, data, parts))
    return State(loop: loop(side, context, parts, defense), ledger: ledger, parts: parts)
  }

  /// The trial as its last checkpoint has it; `nil` where there is none that will do.
  private func resumed(_ stop: StopSignal) -> State? {
    guard case .here(let task) = variant.task.site else { return nil }
    return checkpoint?.restore { pass in
      // What cannot be made is told by the trial.
      guard var state = try? state(.here(task), data, stop), state.loop.hasCheckpoints else {
        return nil
      }
      checkpoint(&state, &pass)
      let rounds = state.ledger.trace.rounds.count
      guard state.loop.round == rounds, rounds <= trial.rounds else {
        pass.fail("it is of another length")
        return nil
      }
      return state
    }
  }

  private func checkpoint(_ state: inout State, _ pass: inout CheckpointPass) {
    state.loop.checkpoint(&pass)
    state.ledger.checkpoint(&pass, backdoors: state.parts.backdoors)
  }

  /// Its checkpoints; `nil` where it has none.
  private var checkpoint: TrialCheckpoint? {
    checkpoints.map { TrialCheckpoint($0, of: trial.key, variety: checkpointMark) }
  }

  /// What decides the state of the trial besides its key: what it is the twin of, as its models are
  /// scored for those as well.
  var checkpointMark: String {
    let twins = attacked.map(\.key).sorted().joined(separator: " ")
    return "twin of [\(twins)], observed \(observation != nil)"
  }

  private func context(_ data: FederationData, _ stop: StopSignal) -> TrialContext {
    TrialContext(
      variant: variant, attack: trial.attackChoice, seed: SeedPath(root: trial.seed), data: data,
      pool: pool, substitutions: substitutions, stop: stop)
  }

  private var needsRoot: Bool { trial.defenseChoice.needs.contains(.rootUpdate) }
  private var trainsRoot: Bool { observation?.wantsRows == true }

  private func loop(
    _ side: Side, _ context: TrialContext, _ parts: TrialParts, _ defense: DefensePipeline
  ) -> RoundLoop {
    switch side {
    case .here(let task):
      return RoundLoop(
        context, task: task, attacks: parts.attacks, defense: defense, needsRoot: needsRoot,
        trainsRoot: trainsRoot, backdoors: parts.backdoors)
    case .elsewhere(let process, let facts, let initial):
      let trainer = TrainerSide(
        context, process: process, facts: facts, backdoors: parts.backdoors)
      return RoundLoop(
        context, attacks: parts.attacks, defense: defense, from: initial, training: trainer,
        scorer: trainer)
    }
  }

  private func loop(
    _ task: LocalTask, _ context: TrialContext, from start: ForkCache.Start
  ) -> RoundLoop {
    let follower = start.follower
    return RoundLoop(
      from: start.snapshot, context, task: task, fresh: follower.parts.attacks,
      attacks: follower.attacks, needsRoot: needsRoot, trainsRoot: trainsRoot,
      backdoors: follower.parts.backdoors)
  }

  /// What a clean twin is measured with, where the trigger changes over the rounds.
  func control(_ side: Side, _ data: FederationData, _ parts: TrialParts) -> TriggerControl? {
    guard case .here(let task) = side, let backdoor = parts.backdoor,
      parts.attacks.roundTrigger != nil
    else { return nil }
    return TriggerControl(
      model: task.model, test: data.test, backdoor: backdoor, seed: SeedPath(root: trial.seed))
  }

  private func play(
    _ start: consuming State, stop: StopSignal, onRound: () -> Void
  ) -> Attempt {
    let parts = start.parts
    var state = start
    var checkpoint = state.loop.hasCheckpoints ? self.checkpoint : nil
    let firstKept = TriggerControl.firstRound(
      window: variant.scenario.threat.window, rounds: trial.rounds)
    for round in state.loop.round..<trial.rounds {
      if stop.isStopped { return .ended(.stopped) }
      let observation: RoundObservation
      do throws(RoundFailure) {
        observation = try state.loop.advance(keepsRows: state.ledger.wantsRows(of: round))
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
      state.ledger.take(observation, state.loop.takeReceived())
      if round >= firstKept && observation.evaluation != nil {
        state.ledger.keep(state.loop.attacks.roundTrigger, of: round)
        if parts.keepsModels {
          state.ledger.keep(
            FinishedRound(global: state.loop.global, smoothing: state.loop.defense.smoothing),
            of: round)
        }
      }
      checkpoint?.save(isEnd: state.loop.round == trial.rounds) { pass in
        self.checkpoint(&state, &pass)
      }
      onRound()
    }
    return finish(state.loop, state.ledger.finish(), parts, stop: stop)
  }

  /// What is measured when all rounds have been played.
  private func finish(
    _ loop: RoundLoop, _ rounds: TrialTrace, _ parts: TrialParts, stop: StopSignal
  ) -> Attempt {
    var trace = rounds
    let accuracy = loop.trainingAccuracy()
    trace.trainingAccuracy = accuracy?.pooled
    trace.honestAccuracies = accuracy?.each ?? []
    if stop.isStopped { return .ended(.stopped) }
    trace.isDiverged = !loop.global.allSatisfy(\.isFinite)
    trace.smoothed = loop.smoothedOutcome(of: trial, surface: parts.surface)
    trace.resolved = loop.resolved
    trace.triggerSize = parts.backdoor.flatMap { loop.triggerSize(of: $0) }
    trace.note(parts.evaluated)
    trace.parametersDigest = ParametersDigest.hexadecimal(of: loop.global)
    if let watch = observation, watch.wantsModel {
      let examples = parts.backdoor.flatMap {
        loop.triggeredExamples(of: $0, limit: TrialObservation.exampleLimit)
      }
      watch.finish(
        with: TrainedModel(
          parameters: loop.global, backdoor: parts.backdoor, triggered: examples?.triggered,
          clean: examples?.clean))
      if stop.isStopped { return .ended(.stopped) }
    }
    return .ended(.finished(trace, loop.hygiene))
  }

  /// Meters for attacked trials that this one is the twin of, in which others act than here.
  func views(_ setup: MeterSetup, controlled: [ClientID]) -> [String: MeterView] {
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
