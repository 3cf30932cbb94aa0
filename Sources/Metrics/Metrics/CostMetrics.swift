public import Simulation

/// What a round costs in time and traffic, averaged over all rounds of the trial.
public enum CostMetrics: Metric {
  public static let manifests = [
    manifest("cost.seconds", "wall time of a round", unit: "seconds"),
    manifest("cost.train", "the part in which clients train", unit: "seconds"),
    manifest("cost.attack", "the part in which the attack crafts updates", unit: "seconds"),
    manifest("cost.defense", "the part in which the defense aggregates", unit: "seconds"),
    manifest(
      "cost.bytes",
      "traffic of a round: participants x parameters x 4 bytes up and the same down",
      unit: "bytes"),
  ]

  private static func manifest(
    _ id: String, _ definition: String, unit: String
  ) -> MetricManifest {
    MetricManifest(
      id: id, definition: definition + ", mean over rounds", unit: unit, range: "0...",
      better: .lower)
  }

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    .init(
      uniqueKeysWithValues: manifests.map {
        ($0.id, MetricOutcome(evidence.trial.summary[$0.id], else: Absence.notMeasured))
      })
  }
}
