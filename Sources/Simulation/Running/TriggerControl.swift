import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Training

/// The global model after a round, and how predictions are made with it.
struct FinishedRound: Sendable {
  let global: [Float]
  let smoothing: ParameterSmoothing?
}

/// What the clean twin of a trial is measured with where the trigger changes over the rounds.
///
/// Such triggers are known only when the attacked trial has run, so the twin keeps its models from the
/// end of the window on, and is measured when the trial is recorded.
struct TriggerControl: Sendable {
  let model: any Model
  let test: Shard
  /// Under which name the success is noted.
  let backdoor: Backdoor
  /// The path of the trial.
  let seed: SeedPath
  /// The trigger of each round from the end of the window on.
  var triggers: [Int: Trigger] = [:]

  /// Passes over the triggers.
  mutating func checkpoint(_ pass: inout CheckpointPass) {
    let featureCount = test.inputs.columnCount
    pass.visit(
      &triggers, key: 0, from: Trigger(positions: [], values: []), { $0.visit(&$1) },
      { $1.checkpoint(&$0, featureCount: featureCount) })
  }

  /// The first round whose trigger counts: the last one of the window, or of the trial if it is empty.
  static func firstRound(window: Range<Int>, rounds: Int) -> Int {
    window.isEmpty ? rounds - 1 : window.upperBound - 1
  }

  /// Returns the trace of the twin with the success of these triggers on its models; rounds without a
  /// model, which lie before the end of the window, have none.
  func measured(on twin: TrialTrace) -> TrialTrace {
    var evaluator = Evaluator(
      model: model, test: test, backdoors: [backdoor], seed: seed.child("trigger-evaluation"))
    let workers = [Worker(model: model, batchSize: 1)]
    var twin = twin
    twin.rounds = twin.rounds.enumerated().map { round, entry in
      guard var evaluation = entry.evaluation else { return entry }
      evaluation.triggered[backdoor] = nil
      if let kept = twin.models[round], let trigger = triggers[round] {
        evaluator.mark(backdoor, with: trigger)
        evaluation.triggered[backdoor] =
          evaluator.evaluate(
            kept.global, smoothing: kept.smoothing, seed: seed.child("smoothing").child(round),
            pool: WorkPool(width: 1), workers: workers
          ).triggered[backdoor]
      }
      return TrialTrace.Round(
        evaluation: evaluation, figures: entry.figures, droppedCount: entry.droppedCount)
    }
    return twin
  }
}
