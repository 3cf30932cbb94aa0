public import Simulation

/// How many attackers rounds held, beside what the defense was told.
///
/// With sampling the number differs from round to round, so a bound that fits the federation may not
/// fit a round.
public enum ThreatMetrics: Metric {
  public static let manifests = [
    MetricManifest(
      id: ThreatMeter.exceeded,
      definition: "window rounds in which more controlled clients acted than the smallest f that a"
        + " part of the defense was told, those with dropped updates counted; without an attack"
        + " those that it would control",
      unit: "rounds", range: "0...", better: .none),
    MetricManifest(
      id: ThreatMeter.majority,
      definition: "window rounds in which controlled clients that act are at least half of the"
        + " participants; without an attack those that it would control",
      unit: "rounds", range: "0...", better: .none),
  ]

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    let trial = evidence.trial
    let majority = trial.roundCount(ThreatMeter.majority)
    guard case .value = majority else {
      return [ThreatMeter.exceeded: majority, ThreatMeter.majority: majority]
    }
    return [
      ThreatMeter.exceeded: MetricOutcome(
        trial.summary[ThreatMeter.exceeded],
        else: "the defense was told no number of Byzantine clients"),
      ThreatMeter.majority: majority,
    ]
  }
}
