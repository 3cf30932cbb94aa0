public import Components
public import Federation
import Kernels
import Tensors

/// A few smoothed Weiszfeld steps towards the geometric median of the rows.
///
/// It does not wait for convergence: `last-step` reports how far the last step still went, and
/// `geometric-median` goes on to a tolerance. Distances below ν count as ν, so a row where the steps
/// start holds them there: a row of zeros does so for a start at zero. The point is kept in double
/// precision and rounded once, at the end. It judges nobody: a verdict's weight is the row's share in
/// the last step, of which the result is the average.
///
/// - Complexity: O(n d) per step, in two passes over the rows; two points of d doubles.
/// - Note: Pillutla, Kakade, Harchaoui, IEEE TSP 2022, algorithm 2, with ν = 1e-6 and three steps.
public struct SmoothedWeiszfeld: Aggregator {
  public static let manifest = ComponentManifest(
    id: "rfa",
    summary: "A few smoothed Weiszfeld steps towards the geometric median of the updates.",
    formula: """
      start at v = 0 or v = Σ p_i x_i; repeat β_i = p_i / max(ν, ‖v − x_i‖), \
      v = Σ β_i x_i / Σ β_i; p_i: 1/n, or by sample count
      """,
    citations: [
      Citation(
        ["Pillutla", "Kakade", "Harchaoui"], "Robust aggregation for federated learning",
        "IEEE Transactions on Signal Processing", 2022, doi: "10.1109/TSP.2022.3153135",
        arXiv: "1912.13445")
    ],
    parameters: [
      ParameterSpec(
        "nu", .positive(), default: .real(1e-6), help: "distance that shorter ones count as"),
      ParameterSpec(
        "steps", .integer(1...1_000_000), default: .integer(3), help: "number of steps"),
      ParameterSpec(
        "start", .choice(["zero", "mean"]), default: .text("zero"),
        help: "where to start: the current global model, or the weighted average"),
    ])

  // Not translation: it may start at zero. Not scale: ν is a length.
  public static let traits: DefenseTraits = [.secureAggregation]
  public static let laws: RuleLaws = [.equalRows, .singleRow, .order, .range]
  public static let reports = ["last-step"]

  private let nu: Double
  private let stepCount: Int
  private let startsAtMean: Bool

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    nu = arguments.real("nu")
    stepCount = arguments.integer("steps")
    startsAtMean = arguments.word("start") == "mean"
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    var point = Double.zeros(updates.columnCount)
    if startsAtMean {
      updates.values.combine(updates.weights, pool: round.pool, into: &point)
    }
    var next = point
    var shares = updates.weights
    for _ in 0..<stepCount {
      let distances = updates.values.squaredDistances(to: point, pool: round.pool)
      shares = smoothedShares(updates.weights, squaredDistances: distances, nu: nu)
      updates.values.combine(shares, pool: round.pool, into: &next)
      swap(&point, &next)
    }
    let moved = Double.squaredDistance(point.span, next.span).squareRoot()
    return Aggregation(
      update: point.map { Float($0) },
      verdicts: shares.map { Verdict(.notJudged, weight: $0) },
      report: ["last-step": .number(moved)])
  }
}
