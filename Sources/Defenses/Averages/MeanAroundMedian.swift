public import Components
public import Federation
import Tensors

/// The average, in each coordinate, of the n − f values nearest to its median.
///
/// For an even number of rows the median is the mean of the two middle values, which need not be a
/// value itself. Ties, which the paper leaves open: of two values equally far from the median the
/// lower one is kept first. Row weights are ignored; f = 0 is the plain average. If fewer rows
/// arrive than announced, f is at most (n − 1)/2. It judges nobody: a verdict's weight is the share
/// of the aggregate that comes from the row, with equal values at the cut sharing equally.
///
/// - Complexity: O(d n log² n).
/// - Note: Xie, Koyejo, Gupta, arXiv 2018.
public struct MeanAroundMedian: Aggregator {
  public static let manifest = ComponentManifest(
    id: "meamed",
    summary: "The average of the values nearest to the median of each coordinate.",
    formula: """
      per coordinate average the n − f values nearest to the median of the n values; of two equally \
      near ones the lower one is kept first
      """,
    preconditions: ["n >= 2f + 1"],
    citations: [
      Citation(
        ["Xie", "Koyejo", "Gupta"], "Generalized Byzantine-tolerant SGD", "arXiv", 2018,
        arXiv: "1802.10116")
    ],
    parameters: [
      ParameterSpec(
        "f", .integer(0...1_000_000), default: .plan(.declaredByzantine),
        help: "declared number of Byzantine submissions: how many values to leave out"),
      ProofLimit.parameter,
    ])

  public static let laws: RuleLaws = [
    .translation, .scale, .equalRows, .singleRow, .order, .range,
  ]

  private let minority: DeclaredMinority

  public var isOutsideProof: Bool { minority.isOutsideProof }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    minority = try DeclaredMinority(arguments, setup: setup, component: Self.manifest.id)
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = updates.rowCount
    let (update, shares) = updates.values.meanAroundMedian(
      ofRows: Array(0..<n), keepCount: n - minority.count(of: n), pool: round.pool)
    return Aggregation(
      update: update, verdicts: shares.map { Verdict(.notJudged, weight: $0) })
  }
}
