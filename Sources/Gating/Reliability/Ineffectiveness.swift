import Results

/// An attack that hardly hurts the plain mean, so that surviving it proves nothing.
struct Ineffectiveness {
  let flag: CellFlag

  /// Judges the trials of the attack under the plain mean; `nil` where it does hurt, or where
  /// nothing tells.
  ///
  /// Every measure that there is has to be below its threshold in the mean over the seeds. An attack
  /// without a window does nothing.
  init?(_ trials: [TrialRecordV1]) {
    var parts: [String] = []
    var isUncertain = false
    for (metric, threshold, words) in Self.measures {
      let values = trials.compactMap { $0.metrics[metric] ?? nil }
      guard let mean = SeedMean(values) else { continue }
      if mean.mean >= threshold - Self.slack { return nil }
      if let interval = mean.interval, interval.upperBound >= threshold { isUncertain = true }
      parts.append("\(words) \(mean.text)")
    }
    if parts.isEmpty {
      let isIdle = trials.contains { $0.absent["accuracy.drop"] == "the attack window is empty" }
      guard isIdle else { return nil }
      parts = ["the attack window is empty"]
    } else if isUncertain {
      parts.append("not certain: an interval reaches beyond its threshold")
    }
    flag = CellFlag("attack-ineffective", detail: parts.joined(separator: ", "))
  }

  private static let measures: [(metric: String, threshold: Double, words: String)] = [
    ("accuracy.drop", 0.02, "under the plain mean accuracy falls by"),
    ("asr.excess", 0.05, "attack success rises by"),
    ("accuracy.drop.source-class", 0.05, "the source class falls by"),
  ]

  private static let slack = 1e-9
}
