import Gating
public import Results

/// The part of a trial that an entry carries: what the board shows, what flags follow from, and what
/// it takes to run the trial again and compare.
public enum CompactTrial {
  /// The metrics that are kept.
  public static let metrics: Set<String> = [
    "accuracy.chance", "accuracy.drop", "accuracy.drop.source-class", "accuracy.final",
    "accuracy.stop", "asr.excess", "asr.stop", "cost.seconds",
    "detection.auc", "persistence.half-life", "threat.f-exceeded", "threat.malicious-majority",
  ]

  /// A trial without its other metrics, those that are absent and their reasons.
  public static func of(_ record: TrialRecordV1) -> TrialRecordV1 {
    var record = record.withOwnFlags
    record.metrics = record.metrics.filter { metrics.contains($0.key) && $0.value != nil }
    record.absent = [:]
    record.censored = record.censored.filter(metrics.contains)
    return record
  }
}
