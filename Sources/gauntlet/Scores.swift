import Reporting

/// The scores that `run` ends with.
enum Scores {
  /// Flags that say that a number does not mean what it seems to; the others tell how it was made.
  static let markedFlags: Set<String> = [
    "attack-ineffective", "diverged", "non-finite", "nondeterministic", "order-dependent",
    "utility-collapse",
  ]

  static let shown = [
    Score(
      metric: "accuracy.stop", title: "accuracy, end of the attack window", better: .higher),
    Score(
      metric: "asr.stop", title: "attack success rate (ASR), end of the attack window",
      better: .lower),
    Score(
      metric: "stealth.score",
      title: "stealth: 1 = looks honest, 0 = a detector tells it apart", better: .lower),
    Score(
      metric: "persistence.auc", title: "persistence: mean ASR after the attack window",
      better: .lower),
    Score(
      metric: "detection.auc", title: "detection: AUROC of the rule's suspicion",
      better: .higher),
  ]
}
