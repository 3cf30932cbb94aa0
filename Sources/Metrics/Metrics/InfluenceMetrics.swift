public import Simulation

/// How far the aggregate is from what the honest clients alone would have given.
public enum InfluenceMetrics: Metric {
  public static let manifests = [
    MetricManifest(
      id: InfluenceMeter.id,
      definition: "norm(aggregate - honest mean) / norm(honest mean), median over the window rounds"
        + " in which malicious and honest clients took part and the honest mean is not zero",
      unit: "ratio", range: "0...", better: .lower),
    MetricManifest(
      id: InfluenceMeter.kappa,
      definition: "norm(aggregate - honest mean)^2 / mean over honest rows of"
        + " norm(row - honest mean)^2, on the rows as submitted; largest over the window rounds in"
        + " which malicious and honest clients took part and honest rows differ: a lower bound on the"
        + " defense's (f, kappa) robustness coefficient, whose proven bounds 'explain' shows",
      unit: "ratio", range: "0...", better: .lower,
      citation: "Allouah et al., AISTATS 2023, definition 2"),
    MetricManifest(
      id: InfluenceMeter.rounds,
      definition: "window rounds that influence.deviation is the median of", unit: "rounds",
      range: "0...", better: .none),
  ]

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    let trial = evidence.trial
    let reason =
      trial.window.isEmpty
      ? Absence.emptyWindow
      : trial.absenceOfAttackers
        ?? "no window round with both kinds of clients had an aggregate and an honest mean other than"
        + " zero"
    return [
      InfluenceMeter.id: MetricOutcome(trial.summary[InfluenceMeter.id], else: reason),
      InfluenceMeter.kappa: MetricOutcome(
        trial.summary[InfluenceMeter.kappa],
        else: trial.window.isEmpty
          ? Absence.emptyWindow
          : trial.absenceOfAttackers
            ?? "no window round with both kinds of clients had an aggregate and honest rows that"
            + " differ"),
      InfluenceMeter.rounds: trial.roundCount(InfluenceMeter.rounds),
    ]
  }
}
