public import Simulation
import Statistics

/// What the final model, and the defense on the way to it, do to honest minorities.
///
/// Accuracies are those of the final global model itself, without a vote, on the training data of each
/// honest client; all clients count alike, however many examples they have. The worst tenth of h
/// clients are the ceil(h / 10) with the lowest accuracy; which of equal ones does not matter.
public enum FairnessMetrics: Metric {
  public static let manifests = [
    MetricManifest(
      id: "fairness.worst-clients",
      definition: "mean accuracy of the worst tenth of honest clients (at least one) on their own"
        + " training data, final global model",
      unit: "fraction", range: "0...1", better: .higher),
    MetricManifest(
      id: "fairness.gap",
      definition: "mean over honest clients of the accuracy on their own training data, minus that"
        + " of the worst tenth",
      unit: "fraction", range: "0...1", better: .lower),
    MetricManifest(
      id: FairnessMeter.correlation,
      definition: "Spearman's rank correlation, over honest clients, of the skew of their labels"
        + " (total variation distance to those of all clients) with the part of their weight in a"
        + " plain average that the defense took from them, mean over the window rounds in which"
        + " they took part",
      unit: "correlation", range: "-1...1", better: .none),
  ]

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    let trial = evidence.trial
    let sorted = trial.honestAccuracies.sorted()
    let worst = Moments.mean(Array(sorted.prefix((sorted.count + 9) / 10)))
    let mean = sorted.count < 2 ? nil : Moments.mean(sorted)
    let difference = mean.flatMap { mean in worst.map { mean - $0 } }
    // The mean of equal numbers may be another one.
    let gap = sorted.first == sorted.last ? difference.map { _ in 0 } : difference
    let reason =
      trial.isTrainedElsewhere
      ? Absence.elsewhere
      : sorted.isEmpty ? "no honest client has training data" : "there is one honest client alone"
    return [
      "fairness.worst-clients": MetricOutcome(worst, else: reason),
      "fairness.gap": MetricOutcome(gap, else: reason),
      FairnessMeter.correlation: MetricOutcome(
        trial.summary[FairnessMeter.correlation], else: absence(of: trial)),
    ]
  }

  /// Why there is no rank correlation.
  private static func absence(of trial: TrialTrace) -> String {
    if trial.window.isEmpty { return Absence.emptyWindow }
    if trial.isTrainedElsewhere { return Absence.elsewhere }
    guard let judged = trial.summary[FairnessMeter.judged],
      let skews = trial.summary[FairnessMeter.skews]
    else { return Absence.notMeasured }
    if judged == 0 { return "no honest client had a verdict in the window" }
    if judged == 1 { return "one honest client alone took part in the window" }
    return skews == 1
      ? "the labels of all honest clients are equally skewed"
      : "the defense took the same part from every honest client"
  }
}
