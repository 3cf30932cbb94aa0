import Determinism
import Federation
import Tensors

/// A trial on rounds that it shares with others: its own attack, which sees every model, and what it
/// measures.
///
/// Whatever it finds is what it would find alone. Its attack is made for it, so nothing of an attack is
/// ever copied but the value that changes data, which is kept as it was made.
struct TrialFollower: Sendable {
  private let run: TrialRun
  let parts: TrialParts
  /// The attacks, after the rounds so far.
  private(set) var attacks: AttackGroups
  private(set) var ledger: TrialLedger
  /// The gradients that the attack took in the round, and the seconds that it needed.
  private var work = RoundWork()
  private var seconds = 0.0
  private let backdoors: Set<Backdoor>

  init(_ run: TrialRun, _ parts: TrialParts, _ ledger: TrialLedger) {
    self.run = run
    self.parts = parts
    self.ledger = ledger
    attacks = parts.attacks
    backdoors = Set(parts.backdoors)
  }

  /// Whether somebody wants rows of the trial.
  var trainsRoot: Bool { run.observation?.wantsRows == true }

  /// Passes over the attack and what the trial has left behind.
  mutating func checkpoint(_ pass: inout CheckpointPass) {
    attacks.checkpoint(&pass)
    ledger.checkpoint(&pass, backdoors: parts.backdoors)
  }

  /// Shows the attack the model of a round in which nobody acts.
  mutating func observe(round: Int, global: [Float]) {
    let clock = ContinuousClock()
    let start = clock.now
    let taken = attacks.gradientCount
    attacks.observe(round: round, global: global, acting: [])
    work = RoundWork(gradientCount: attacks.gradientCount - taken)
    seconds = (clock.now - start).inSeconds
  }

  /// Takes a shared round as the trial would have seen it alone.
  ///
  /// - Parameters:
  ///   - shared: The round, scored on the backdoors of all trials whose triggers stay as they are.
  ///   - rows: What reached the server.
  ///   - loop: The loop after the round.
  ///   - task: Data and model.
  mutating func take(
    _ shared: RoundObservation, _ rows: ReceivedRows?, _ loop: RoundLoop,
    task: LocalTask
  ) {
    var round = shared
    round.work = work
    round.seconds.training += seconds
    round.seconds.total += seconds
    if attacks.hasRoundTriggers {
      if shared.evaluation != nil { round.evaluation = evaluation(of: shared.round, loop, task) }
    } else {
      round.evaluation?.triggered = (shared.evaluation?.triggered ?? [:]).filter {
        backdoors.contains($0.key)
      }
    }
    ledger.take(round, ledger.wantsRows(of: shared.round) ? rows : nil)
  }

  /// Scores the model with the triggers of the round; two attacks may start with the same one.
  private func evaluation(
    of round: Int, _ loop: RoundLoop, _ task: LocalTask
  ) -> Evaluation {
    let context = loop.context
    var scorer = LocalScoring(context, task: task, backdoors: parts.backdoors)
    for (backdoor, trigger) in attacks.roundTriggers { scorer.mark(backdoor, with: trigger) }
    var evaluation = scorer.evaluate(
      loop.global, round: round, smoothing: loop.defense.smoothing,
      seed: context.seed.child("smoothing").child(round))
    evaluation.vote = nil
    return evaluation
  }
}
