import Federation
public import Simulation

/// How sure the model is of the target of a single-sample attack.
///
/// A confidence is not a rate: it belongs to attacks on chosen examples, mostly one, and is absent for
/// attacks whose success is counted over others like those they trained on.
public enum TargetConfidence: Metric {
  public static let manifests = [
    MetricManifest(
      id: "target-confidence",
      definition: "mean softmax probability of the target, at the end of the window"
        + " (single-sample attacks)",
      unit: "fraction", range: "0...1", better: .lower, citation: "Bhagoji et al., ICML 2019")
  ]

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    ["target-confidence": outcome(of: evidence.trial)]
  }

  private static func outcome(of trial: TrialTrace) -> MetricOutcome {
    guard let backdoor = trial.backdoor, backdoor.examples?.areChosen == true else {
      return .absent("it is defined for single-sample attacks")
    }
    guard trial.lastWindowRound != nil else { return .absent(Absence.emptyWindow) }
    return MetricOutcome(
      trial.stopEvaluation?.triggered[backdoor]?.confidence,
      else: "predictions are votes, or the model has no finite scores")
  }
}
