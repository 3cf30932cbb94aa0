public import Simulation

/// How far the aggregate is from what the honest clients alone would have given.
public enum InfluenceMetrics: Metric {
  public static let manifests = [
    MetricManifest(
      id: InfluenceMeter.id,
      definition: "norm(aggregate - honest mean) / norm(honest mean), median over the window",
      unit: "ratio", range: "0...", better: .lower)
  ]

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    let trial = evidence.trial
    let reason =
      trial.window.isEmpty
      ? Absence.emptyWindow
      : "no window round had an aggregate and an honest mean other than zero"
    return [InfluenceMeter.id: MetricOutcome(trial.summary[InfluenceMeter.id], else: reason)]
  }
}
