public import Simulation

/// How sure the model is of the target of a single-sample attack.
///
/// A confidence is not a rate: it belongs to attacks on one chosen example, and is absent for
/// attacks whose success is counted over many.
public enum TargetConfidence: Metric {
  public static let manifests = [
    MetricManifest(
      id: "target-confidence",
      definition: "mean softmax probability of the target, at the end of the window"
        + " (single-sample attacks)",
      unit: "fraction", range: "0...1", better: .lower, citation: "Bhagoji et al., ICML 2019")
  ]

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    ["target-confidence": .absent("it is defined for single-sample attacks")]
  }
}
