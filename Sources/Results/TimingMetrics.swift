/// The metrics that no two runs share, which comparisons and baselines leave out.
public enum TimingMetrics {
  /// Times of a round, and the bytes that are shown beside them.
  public static let ids: Set<String> = [
    "cost.attack", "cost.bytes", "cost.defense", "cost.seconds", "cost.train",
  ]
}
