public import Simulation

/// Whom the defense accuses and whom it shuts out; positive means malicious.
///
/// *Flagged* clients are declared malicious (verdict `rejected` of a rule that declares anybody);
/// *excluded* ones have weight 0, which is not an accusation: Krum excludes all but one. Counts are
/// pooled over the rounds of the window in which something could be seen: rows, dropped clients or
/// suspicions that differ. A controlled client that does not act in a round counts in neither kind,
/// unless the defense follows clients and it has acted before.
public enum DetectionMetrics: Metric {
  public static let manifests = [
    manifest(
      "detection.flagged.tpr", "malicious rows declared malicious / malicious rows", .higher),
    manifest("detection.flagged.fpr", "honest rows declared malicious / honest rows", .lower),
    manifest(
      "detection.flagged.precision", "malicious rows among those declared malicious", .higher),
    manifest("detection.flagged.f1", "2 TP / (2 TP + FP + FN) of the declarations", .higher),
    manifest("detection.excluded.tpr", "malicious rows with weight 0 / malicious rows", .none),
    manifest("detection.excluded.fpr", "honest rows with weight 0 / honest rows", .none),
    manifest(
      "detection.auc",
      "AUROC of the rule's own suspicion scores of a round, mean over the window rounds in which"
        + " both kinds have one, rounds left out in which rows and scores are all equal", .higher,
      gate: 0.03),
    rounds("detection.auc.rounds", "window rounds that detection.auc is the mean of"),
    MetricManifest(
      id: "detection.weight-share",
      definition: "share of the weight that malicious clients have in a round / their share of"
        + " the clients, mean over the rounds of detection.rounds in which anybody has weight: 1 is"
        + " proportional, 0 is shut out; a client whose update was dropped has weight 0",
      unit: "ratio", range: "0...", better: .lower, gateTolerance: 0.05),
    manifest(
      "detection.clean-fpr", "clients declared malicious in the clean twin, in the same rounds",
      .lower),
    rounds(
      "detection.rounds",
      "window rounds in which malicious and honest clients took part and something could be seen:"
        + " rows differ, an update was dropped, or suspicions differ; rates pool these and, for the"
        + " honest clients, rounds without malicious ones"),
  ]

  private static func rounds(_ id: String, _ definition: String) -> MetricManifest {
    MetricManifest(id: id, definition: definition, unit: "rounds", range: "0...", better: .none)
  }

  private static func manifest(
    _ id: String, _ definition: String, _ better: MetricManifest.Direction, gate: Double? = nil
  ) -> MetricManifest {
    MetricManifest(
      id: id, definition: definition, unit: "fraction", range: "0...1", better: better,
      gateTolerance: gate)
  }

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    let trial = evidence.trial
    let noRows = nobodySeen(" of that kind")
    func rate(_ path: KeyPath<WindowCounts, Double?>, else reason: String) -> MetricOutcome {
      if trial.window.isEmpty { return .absent(Absence.emptyWindow) }
      guard let counts = WindowCounts(trial.summary) else { return .absent(Absence.notMeasured) }
      return MetricOutcome(counts[keyPath: path], else: reason)
    }
    func flagged(_ path: KeyPath<WindowCounts, Double?>, else reason: String) -> MetricOutcome {
      trial.declaresMalicious ? rate(path, else: reason) : .absent(declaresNobody)
    }
    return [
      "detection.flagged.tpr": flagged(\.flagged.truePositiveRate, else: noRows),
      "detection.flagged.fpr": flagged(\.flagged.falsePositiveRate, else: noRows),
      "detection.flagged.precision": flagged(\.flagged.precision, else: "nobody was flagged"),
      "detection.flagged.f1": flagged(
        \.flagged.f1, else: "nobody was malicious and nobody was flagged"),
      "detection.excluded.tpr": rate(\.excluded.truePositiveRate, else: noRows),
      "detection.excluded.fpr": rate(\.excluded.falsePositiveRate, else: noRows),
      "detection.auc": trial.pooled(
        VerdictMeter.area, else: "the rule gave no suspicion scores to both kinds of clients"),
      "detection.weight-share": trial.pooled(
        VerdictMeter.weightShare, else: "no client had any weight"),
      "detection.clean-fpr": cleanRate(evidence),
      VerdictMeter.areaRounds: trial.roundCount(VerdictMeter.areaRounds),
      VerdictMeter.rounds: trial.roundCount(VerdictMeter.rounds),
    ]
  }

  private static let declaresNobody = "the rule declares nobody malicious"

  private static func nobodySeen(_ kind: String) -> String {
    "no client\(kind) took part in a window round in which something could be seen"
  }

  private static func cleanRate(_ evidence: TrialEvidence) -> MetricOutcome {
    guard evidence.trial.declaresMalicious else { return .absent(declaresNobody) }
    guard let twin = evidence.twin else { return .absent(Absence.noTwin) }
    if twin.window.isEmpty { return .absent(Absence.emptyWindow) }
    guard let counts = WindowCounts(twin.summary) else { return .absent(Absence.notMeasured) }
    return MetricOutcome(counts.flagged.share, else: nobodySeen(""))
  }
}
