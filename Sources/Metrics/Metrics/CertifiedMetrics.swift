public import Simulation
import Statistics

/// What the vote of noisy copies certifies against triggers, where the defense predicts so.
///
/// Facts of the attack that no server knows go in, so these are figures of a simulated run. The
/// certificate covers one round of poisoned examples under an average with fixed weights; everything
/// else has the reason why it is not covered.
public enum CertifiedMetrics: Metric {
  static let median = "certified.radius.median"
  static let accuracy = "certified.accuracy"
  static let magnitude = "certified.magnitude"

  private static let citation = "Xie et al., ICML 2021"

  public static let manifests = [
    MetricManifest(
      id: accuracy,
      definition: "share of the clean test examples that the final vote predicts right and whose"
        + " certified radius exceeds the trial's own change of examples, certified.magnitude",
      unit: "fraction", range: "0...1", better: .higher, citation: citation),
    MetricManifest(
      id: magnitude,
      definition: "the largest distance between an example of an attacker and the changed one, in"
        + " features and one-hot label",
      unit: "norm", range: "0...", better: .none, citation: citation),
    MetricManifest(
      id: median,
      definition: "median over the clean test examples of the certified radius: no change of the"
        + " attackers' examples below it changes the final vote, at a confidence of 0.999 per example;"
        + " 0 where the vote is wrong or has no certified majority",
      unit: "norm", range: "0...", better: .higher, citation: citation),
  ]

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    let ids = manifests.map(\.id)
    func absent(_ reason: String) -> [String: MetricOutcome] {
      Dictionary(uniqueKeysWithValues: ids.map { ($0, .absent(reason)) })
    }
    guard let outcome = evidence.trial.smoothed else {
      return absent("the defense does not predict by the vote of noisy copies")
    }
    let certificate: TriggerCertificate
    do throws(TriggerCertificate.Failure) {
      certificate = try TriggerCertificate(outcome)
    } catch {
      return absent(error.reason)
    }
    guard case .poisoned(let round) = outcome.exposure else { return absent(Absence.notMeasured) }
    // Few counts of votes, many examples.
    var known: [Int: Double] = [:]
    var radii: [Double] = []
    for (votes, isRight) in zip(outcome.winnerVotes, outcome.isRight) {
      let radius = known[votes] ?? certificate.radius(votes: votes)
      known[votes] = radius
      radii.append(isRight ? radius : 0)
    }
    let none = "there are no test examples"
    return [
      magnitude: .value(round.magnitude),
      median: MetricOutcome(Statistics.Median.of(radii), else: none),
      accuracy: MetricOutcome(
        radii.isEmpty
          ? nil : Double(radii.count { $0 > round.magnitude }) / Double(radii.count), else: none),
    ]
  }
}
