/// One score of the tables: which metric, and how to show it.
public struct Score: Hashable, Sendable {
  /// What is good for the defender.
  public enum Direction: String, Hashable, Sendable {
    case higher
    case lower
    /// The score describes and does not judge.
    case none
  }

  /// The metric's id, such as `accuracy.final`.
  public var metric: String
  /// The table's title, such as `accuracy (final)`.
  public var title: String
  public var better: Direction
  /// Digits after the point: 3 for rates, 1 for counts of rounds.
  public var decimals: Int

  public init(metric: String, title: String, better: Direction, decimals: Int = 3) {
    self.metric = metric
    self.title = title
    self.better = better
    self.decimals = decimals
  }
}
