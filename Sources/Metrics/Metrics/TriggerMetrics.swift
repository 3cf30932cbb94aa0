import Federation
public import Simulation

/// How much of an example the trigger changes: an optimised trigger is not to look stronger for being
/// larger.
public enum TriggerMetrics: Metric {
  public static let manifests = [
    MetricManifest(
      id: "trigger.pixels",
      definition: "pixels that the final trigger sets; of a vector, and of a trigger that is drawn"
        + " anew for each example, features",
      unit: "pixels", range: "0...", better: .none),
    MetricManifest(
      id: "trigger.l2",
      definition: "mean Euclidean distance between a test example that counts for the attack"
        + " success rate and the same with the final trigger, as the model sees them",
      unit: "distance", range: "0...", better: .none),
  ]

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    let trial = evidence.trial
    let size = trial.triggerSize
    let reason =
      trial.backdoor == nil
      ? Absence.noBackdoor
      : trial.backdoor?.trigger == nil
        ? "the examples have no version without a trigger" : Absence.noTriggeredExamples
    return [
      "trigger.pixels": MetricOutcome(size.map { Double($0.pixels) }, else: reason),
      "trigger.l2": MetricOutcome(
        size?.distance, else: size != nil && trial.isTrainedElsewhere ? Absence.elsewhere : reason),
    ]
  }
}
