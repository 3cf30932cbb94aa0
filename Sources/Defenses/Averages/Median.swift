public import Components
public import Federation
import Tensors

/// The median of each coordinate.
///
/// For an even number of rows it is the mean of the two middle values. Row weights are ignored. It
/// judges nobody: a verdict's weight is the share of the aggregate that comes from the row, the
/// mean over coordinates of 1 (or 1/2) where the row's value is a middle one, shared equally among
/// equal values.
///
/// - Complexity: O(d n log² n).
/// - Note: Yin, Chen, Ramchandran, Bartlett, ICML 2018.
public struct Median: Aggregator {
  public static let manifest = ComponentManifest(
    id: "median",
    summary: "The median of each coordinate.",
    formula: """
      per coordinate the middle of the n sorted values; the mean of the two middle ones if n is even
      """,
    citations: [
      Citation(
        ["Yin", "Chen", "Ramchandran", "Bartlett"],
        "Byzantine-robust distributed learning: towards optimal statistical rates", "ICML", 2018,
        arXiv: "1803.01498")
    ])

  public static let bound: RobustnessBound? = KnownBounds.medians
  public static let laws: RuleLaws = [
    .translation, .scale, .equalRows, .singleRow, .order, .range,
  ]

  public init(_: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {}

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let (update, shares) = updates.values.trimmedMean(
      (updates.rowCount - 1) / 2, pool: round.pool)
    return Aggregation(
      update: update, verdicts: shares.map { Verdict(.notJudged, weight: $0) })
  }
}
