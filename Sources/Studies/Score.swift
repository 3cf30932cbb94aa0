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
  /// The bounds of green, yellow and orange, each inclusive; empty for a score without colors.
  public var bounds: [Double]
  /// A metric whose mean stands beside the score.
  public var companion: Companion?

  /// A figure without which the score would mislead.
  public struct Companion: Hashable, Sendable {
    public var metric: String
    /// What stands before the figure, such as `D`.
    public var label: String
    /// What it is, for the title.
    public var meaning: String
    /// The same in few words, for a title of one line.
    public var shortMeaning: String

    public init(metric: String, label: String, meaning: String, shortMeaning: String) {
      self.metric = metric
      self.label = label
      self.meaning = meaning
      self.shortMeaning = shortMeaning
    }
  }

  /// Bounds of rates of which more is better, such as an accuracy.
  public static let highBounds = [0.9, 0.8, 0.65]
  /// Bounds of rates of which less is better, such as an attack success rate.
  public static let lowBounds = [0.1, 0.25, 0.5]

  public init(
    metric: String, title: String, better: Direction, decimals: Int = 3, bounds: [Double] = [],
    companion: Companion? = nil
  ) {
    self.bounds = bounds
    self.companion = companion
    self.metric = metric
    self.title = title
    self.better = better
    self.decimals = decimals
  }

  /// The place of a value among the colors, 0 the best, as it is rounded in the table; `nil` if the
  /// score does not judge or has no bounds.
  public func step(of value: Double) -> Int? {
    guard better != .none, !bounds.isEmpty, value.isFinite else { return nil }
    var unit = 1.0
    for _ in 0..<decimals { unit *= 10 }
    let shown = (value * unit).rounded() / unit
    let place = bounds.firstIndex { better == .lower ? shown <= $0 : shown >= $0 }
    return place ?? bounds.count
  }
}
