import Federation
public import Simulation

/// Accuracy on clean data, and what the attack costs of it.
///
/// The difference to the clean twin is paired: both share data, partition, sampling and seeds.
/// Recall per class is read at the end of the window, where the attack has had its effect.
public enum AccuracyMetrics: Metric {
  public static let manifests = [
    MetricManifest(
      id: "accuracy.final",
      definition: "accuracy of the global model on the clean test set after the last round",
      unit: "fraction", range: "0...1", better: .higher, gateTolerance: 0.01),
    MetricManifest(
      id: "accuracy.stop",
      definition: "accuracy of the global model on the clean test set at the end of the window",
      unit: "fraction", range: "0...1", better: .higher, gateTolerance: 0.01),
    MetricManifest(
      id: "accuracy.train",
      definition: "accuracy of the final global model over the honest clients' own training data",
      unit: "fraction", range: "0...1", better: .higher),
    MetricManifest(
      id: "accuracy.drop",
      definition: "accuracy of the clean twin minus that of the trial, at the end of the window",
      unit: "fraction", range: "-1...1", better: .lower,
      citation: "Shejwalkar and Houmansadr, NDSS 2021 (attack impact), here paired by seed"),
    MetricManifest(
      id: "accuracy.drop.peak",
      definition: "the largest accuracy of the clean twin minus that of the trial over all rounds",
      unit: "fraction", range: "-1...1", better: .lower),
    MetricManifest(
      id: "accuracy.class.<c>",
      definition: "share of the clean test examples of class c predicted right, at the end of the"
        + " window",
      unit: "fraction", range: "0...1", better: .higher),
    MetricManifest(
      id: "accuracy.source-class",
      definition: "the same for the attack's source class",
      unit: "fraction", range: "0...1", better: .higher,
      citation: "Tolpegin et al., ESORICS 2020"),
  ]

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    let trial = evidence.trial
    let stop = trial.stopEvaluation
    var outcomes: [String: MetricOutcome] = [
      "accuracy.final": MetricOutcome(
        trial.finalEvaluation?.accuracy, else: "the trial has no rounds"),
      "accuracy.stop": MetricOutcome(stop?.accuracy, else: Absence.emptyWindow),
      "accuracy.train": MetricOutcome(
        trial.trainingAccuracy, else: Absence.elsewhere),
      "accuracy.source-class": sourceClass(of: trial),
    ]
    for label in 0..<trial.classCount {
      outcomes["accuracy.class.\(label)"] = recall(of: label, in: trial)
    }
    outcomes.merge(drops(evidence)) { $1 }
    return outcomes
  }

  private static func drops(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    guard let twin = evidence.twin else {
      return [
        "accuracy.drop": .absent(Absence.noTwin), "accuracy.drop.peak": .absent(Absence.noTwin),
      ]
    }
    let trial = evidence.trial
    var outcomes: [String: MetricOutcome] = ["accuracy.drop": .absent(Absence.emptyWindow)]
    if let own = trial.stopEvaluation?.accuracy, let base = twin.stopEvaluation?.accuracy {
      outcomes["accuracy.drop"] = .value(base - own)
    }
    if let own = trial.accuracyCurve, let base = twin.accuracyCurve {
      outcomes["accuracy.drop.peak"] = MetricOutcome(
        zip(base, own).map { $0 - $1 }.max(), else: "the trial has no rounds")
    } else {
      outcomes["accuracy.drop.peak"] = .absent(Absence.sparse)
    }
    return outcomes
  }

  private static func sourceClass(of trial: TrialTrace) -> MetricOutcome {
    guard let source = trial.goal.sourceClass else {
      return .absent("the attack has no source class")
    }
    return recall(of: source, in: trial)
  }

  private static func recall(of label: Int, in trial: TrialTrace) -> MetricOutcome {
    guard let stop = trial.stopEvaluation else { return .absent(Absence.emptyWindow) }
    return MetricOutcome(stop.recall(of: label), else: "the test set has no example of the class")
  }
}
