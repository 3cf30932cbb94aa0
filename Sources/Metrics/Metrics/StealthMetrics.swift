public import Simulation

/// How malicious updates differ from honest ones, and whether that can be seen.
///
/// All figures are about the window. Under the attack `none` they are those of the clients that an
/// attack would control, which is the null value that `stealth.score` compares with.
public enum StealthMetrics: Metric {
  public static let manifests =
    StealthMeasure.allCases.map { measure in
      MetricManifest(
        id: measure.id,
        definition: measure.definition + "; median over malicious rows and window rounds",
        unit: measure.unit, range: measure.range, better: .none, citation: measure.citation)
    } + [
      MetricManifest(
        id: "stealth.detectability",
        definition: "for each reference detector the AUROC of malicious against honest rows of a"
          + " round, averaged over the window rounds in which both kinds take part and rows differ"
          + " (or an update was dropped), two-sided max(a, 1 - a); the largest over the detectors "
          + detectors,
        unit: "fraction", range: "0.5...1", better: .higher,
        citation: "AUROC: Mann and Whitney 1947, ties by mid-ranks"),
      MetricManifest(
        id: "stealth.detectability-null",
        definition: "the same in the clean twin, for the same clients", unit: "fraction",
        range: "0.5...1", better: .none),
      MetricManifest(
        id: "stealth.score",
        definition: "1 - (D - D0)/(1 - D0) clipped to 0...1, with D the detectability and D0 its"
          + " null value; 1 where D0 is 1. 1: no easier to tell apart than the same clients when"
          + " honest; 0: one reference detector separates them perfectly",
        unit: "fraction", range: "0...1", better: .lower, gateTolerance: 0.05),
      MetricManifest(
        id: "stealth.accuracy-gap",
        definition: "mean clean accuracy of the malicious local models minus that of the honest"
          + " ones, averaged over the window rounds in which it was measured and rows differ",
        unit: "fraction", range: "-1...1", better: .none, citation: "Bhagoji et al., ICML 2019"),
      MetricManifest(
        id: LocalAccuracyMeter.rounds,
        definition: "window rounds that stealth.accuracy-gap is the mean of", unit: "rounds",
        range: "0...", better: .none),
      MetricManifest(
        id: UpdateMeter.rounds,
        definition: "window rounds that stealth.detectability rests on: controlled clients acted,"
          + " honest ones took part, and rows differ or an update was dropped; in the others, such"
          + " as those of a saturated model whose clients all send zeros, nothing can be seen",
        unit: "rounds", range: "0...", better: .none),
    ]

  private static let detectors =
    "(" + ReferenceDetector.allCases.map(\.definition).joined(separator: ", ") + ")"

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    let trial = evidence.trial
    var outcomes: [String: MetricOutcome] = [:]
    for measure in StealthMeasure.allCases {
      outcomes[measure.id] = trial.pooled(measure.id, else: measure.absence)
    }
    let detectability = detectability(in: trial)
    let null = evidence.twin.map { self.detectability(in: $0) } ?? .absent(Absence.noTwin)
    outcomes["stealth.detectability"] = detectability
    outcomes["stealth.detectability-null"] = null
    outcomes["stealth.score"] = score(detectability, null: null)
    outcomes["stealth.accuracy-gap"] = trial.pooled(
      LocalAccuracyMeter.id,
      else: trial.isTrainedElsewhere
        ? Absence.elsewhere
        : "the accuracy of local models was measured in no window round with both kinds of rows"
          + " that differ")
    for id in [LocalAccuracyMeter.rounds, UpdateMeter.rounds] {
      outcomes[id] = trial.roundCount(id)
    }
    return outcomes
  }

  private static func detectability(in trial: TrialTrace) -> MetricOutcome {
    trial.pooled(
      UpdateMeter.detectability, else: Absence.neverTogether)
  }

  private static func score(_ outcome: MetricOutcome, null: MetricOutcome) -> MetricOutcome {
    switch (outcome, null) {
    case (.value(let value), .value(let base)): .value(score(value, null: base))
    case (.value, _): null
    default: outcome
    }
  }

  /// Returns `1 - (D - D0)/(1 - D0)` clipped to 0...1; 1 where the null value is 1, since then the
  /// same clients are told apart as well without the attack.
  static func score(_ detectability: Double, null: Double) -> Double {
    guard null < 1 else { return 1 }
    return min(1, max(0, 1 - (detectability - null) / (1 - null)))
  }
}
