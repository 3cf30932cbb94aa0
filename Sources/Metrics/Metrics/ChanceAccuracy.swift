import Federation
public import Simulation

/// What a model that learned nothing reaches, and what an attack takes from its source class.
public enum ChanceAccuracy: Metric {
  public static let manifests = [
    MetricManifest(
      id: "accuracy.chance",
      definition: "the largest class share of the clean test set: the accuracy of a model that"
        + " always says the same class",
      unit: "fraction", range: "0...1", better: .none),
    MetricManifest(
      id: "accuracy.drop.source-class",
      definition: "recall of the attack's source class in the clean twin minus that in the trial,"
        + " at the end of the window",
      unit: "fraction", range: "-1...1", better: .lower),
  ]

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    [
      "accuracy.chance": MetricOutcome(
        evidence.trial.finalEvaluation.flatMap(largestShare), else: "the trial has no rounds"),
      "accuracy.drop.source-class": sourceClassDrop(evidence),
    ]
  }

  private static func largestShare(_ evaluation: Evaluation) -> Double? {
    let count = evaluation.examples.reduce(0, +)
    guard count > 0, let largest = evaluation.examples.max() else { return nil }
    return Double(largest) / Double(count)
  }

  private static func sourceClassDrop(_ evidence: TrialEvidence) -> MetricOutcome {
    guard let source = evidence.trial.goal.sourceClass else {
      return .absent("the attack has no source class")
    }
    guard let twin = evidence.twin else { return .absent(Absence.noTwin) }
    guard let own = evidence.trial.stopEvaluation, let clean = twin.stopEvaluation else {
      return .absent(Absence.emptyWindow)
    }
    guard let before = clean.recall(of: source), let after = own.recall(of: source) else {
      return .absent("the test set has no example of the class")
    }
    return .value(before - after)
  }
}
