extension Score {
  /// The scores of heat maps and tables, in their order.
  public static let shown = [
    Score(
      metric: "accuracy.stop", title: "accuracy, end of the attack window", better: .higher,
      bounds: Score.highBounds),
    Score(
      metric: "asr.stop", title: "attack success rate (ASR), end of the attack window",
      better: .lower, bounds: Score.lowBounds),
    Score(
      metric: "stealth.score",
      title: "stealth: 1 = looks honest, 0 = exposed", better: .lower,
      bounds: Score.lowBounds,
      companion: .init(
        metric: "stealth.detectability", label: "D", meaning: "AUROC of the best detector",
        shortMeaning: "best AUROC")),
    Score(
      metric: "persistence.auc", title: "persistence: mean ASR after the attack window",
      better: .lower, bounds: Score.lowBounds),
    Score(
      metric: "detection.auc", title: "detection: AUROC of the rule's suspicion",
      better: .higher, bounds: Score.highBounds),
  ]
}
