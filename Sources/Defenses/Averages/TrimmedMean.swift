public import Components
public import Federation
import Tensors

/// The average of each coordinate without its k smallest and k largest values.
///
/// k is `f`, or floor(fraction · n) where a fraction is given, which then replaces f. The middle
/// values are sorted and summed, extremes are never subtracted from a total. Row weights are ignored;
/// k = 0 is the plain average. If fewer rows arrive than announced, k is at most (n − 1)/2, which is
/// the median. It judges nobody: a verdict's weight is the share of the aggregate that comes from the
/// row, with equal values at the cut sharing equally.
///
/// - Complexity: O(d n log² n).
/// - Note: Yin, Chen, Ramchandran, Bartlett, ICML 2018.
public struct TrimmedMean: Aggregator {
  public static let manifest = ComponentManifest(
    id: "trimmed-mean",
    summary: "The average of each coordinate without its k smallest and k largest values.",
    formula: """
      per coordinate sort the n values, drop the k smallest and the k largest, average the other \
      n − 2k; k = f, or k = floor(fraction · n)
      """,
    preconditions: ["n > 2k"],
    citations: [
      Citation(
        ["Yin", "Chen", "Ramchandran", "Bartlett"],
        "Byzantine-robust distributed learning: towards optimal statistical rates", "ICML", 2018,
        arXiv: "1803.01498")
    ],
    parameters: [
      ParameterSpec(
        "f", .integer(0...1_000_000, orWords: ["none"]),
        default: .planned(
          .declaredByzantine, otherwise: .text("none"), unlessGiven: "fraction"),
        help: "values to drop at each end; unused where a fraction is given"),
      ParameterSpec(
        "fraction", .real(0...0.5, orWords: ["none"]), default: .text("none"),
        help: "share of the values to drop at each end, instead of f"),
    ])

  public static let bound: RobustnessBound? = KnownBounds.trimmedMean
  public static let laws: RuleLaws = [
    .translation, .scale, .equalRows, .singleRow, .order, .range,
  ]
  public static let reports = ["trimmed"]

  private let trim: Int

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    let id = Self.manifest.id
    let n = setup.participantCount
    if let fraction = arguments.number("fraction") {
      trim = DecimalShare(fraction).count(of: n)
      guard n > 2 * trim else {
        throw ConfigurationError(
          .infeasible(
            component: id,
            reason: """
              needs n > 2k, and k = floor(\(fraction) n) = \(trim) leaves nothing of \(n) submissions
              """))
      }
    } else if let f = arguments.wholeNumber("f") {
      trim = f
      try setup.requireMinority(f, component: id)
    } else {
      throw ConfigurationError(.missingValue(component: id, name: "f"))
    }
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let trim = min(trim, (updates.rowCount - 1) / 2)
    let (update, shares) = updates.values.trimmedMean(trim, pool: round.pool)
    return Aggregation(
      update: update, verdicts: shares.map { Verdict(.notJudged, weight: $0) },
      report: ["trimmed": .number(Double(trim))])
  }
}
