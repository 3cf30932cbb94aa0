import Federation
import Metrics
import Simulation

/// Every faulty metric, under ids of its own.
let faultyMetrics: [any Metric.Type] = [
  Beside<SuccessWithTargetClass>.self, Beside<EarlyPersistence>.self, Beside<EarlyAccuracy>.self,
  Beside<EarlyCost>.self, Beside<AreaWithoutTies>.self, Beside<WeightShareOfAll>.self,
]

/// The attack success rate that counts test examples of the target class too.
///
/// Their predictions with the trigger are not kept; those without it stand in for them.
enum SuccessWithTargetClass: FaultyMetric {
  typealias Right = AttackSuccessRate
  static let name = "asr-target-class"

  static func misread(_ trace: TrialTrace) -> TrialTrace {
    trace.withRounds(
      trace.rounds.map { round in
        guard var evaluation = round.evaluation else { return round }
        for backdoor in evaluation.triggered.keys {
          evaluation.triggered[backdoor]?.examples += evaluation.examples[backdoor.target]
          evaluation.triggered[backdoor]?.hits += evaluation.correct[backdoor.target]
        }
        return TrialTrace.Round(
          evaluation: evaluation, figures: round.figures, droppedCount: round.droppedCount)
      })
  }
}

/// Persistence that starts with the last round of the window.
enum EarlyPersistence: FaultyMetric {
  typealias Right = PersistenceMetrics
  static let name = "persistence-early"

  static func misread(_ trace: TrialTrace) -> TrialTrace { trace.endingEarlier() }
}

/// Accuracy at the end of the window, read one round early.
enum EarlyAccuracy: FaultyMetric {
  typealias Right = AccuracyMetrics
  static let name = "accuracy-early"

  static func misread(_ trace: TrialTrace) -> TrialTrace { trace.endingEarlier() }
}

/// The defense's cost without the last round.
enum EarlyCost: FaultyMetric {
  typealias Right = DefenseCost
  static let name = "cost-early"

  static func misread(_ trace: TrialTrace) -> TrialTrace {
    trace.withRounds(trace.rounds.dropLast())
  }
}

/// Detection with an AUROC that gives ties nothing instead of half.
enum AreaWithoutTies: FaultyMetric {
  typealias Right = DetectionMetrics
  static let name = "auc-ties"

  static func misread(_ trace: TrialTrace) -> TrialTrace { trace.withFigures(of: name) }
}

/// Detection with a weight share that is not divided by the malicious share of the clients.
enum WeightShareOfAll: FaultyMetric {
  typealias Right = DetectionMetrics
  static let name = "weight-share"

  static func misread(_ trace: TrialTrace) -> TrialTrace { trace.withFigures(of: name) }
}
