public import Gating
public import Results

/// What one cell says about one metric, with what there is to know about its trials: a row of a long
/// table of all figures.
public struct CellFigure: Hashable, Sendable {
  public var cell: CellID
  public var metric: String
  /// What is good for the defender; ``Score/Direction/none`` where the catalog does not know it.
  public var better: Score.Direction
  public var summary: CellSummary
  /// The flags that the cell has and that are about the metric, by id.
  public var flags: [CellFlag]
  /// Whether every trial of the cell ran only because others are compared to it.
  public var isImplied: Bool
  /// Trials by how they ended.
  public var statusCounts: [TrialStatus: Int]
  /// Why there is no mean, in words; empty where there is one.
  public var reason: String

  public init(
    cell: CellID, metric: String, better: Score.Direction, summary: CellSummary,
    flags: [CellFlag] = [], isImplied: Bool = false, statusCounts: [TrialStatus: Int] = [:],
    reason: String = ""
  ) {
    self.cell = cell
    self.metric = metric
    self.better = better
    self.summary = summary
    self.flags = flags
    self.isImplied = isImplied
    self.statusCounts = statusCounts
    self.reason = reason
  }

  /// The seed that is worst for the defender, with its value; `nil` for a metric that describes.
  public var worst: CellSummary.SeedValue? { summary.worst(better) }

  /// Whether the mean is a lower bound, because a value that it is taken over is one.
  public var isCensored: Bool {
    if case .value(_, _, _, let isCensored) = summary.outcome { isCensored } else { false }
  }
}
