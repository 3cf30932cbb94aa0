public import Components
public import Federation
import Kernels
import Tensors

/// The point with the least weighted sum of distances to the rows, by smoothed Weiszfeld steps.
///
/// It starts at the coordinate median, which knows no weights, and stops as soon as a step is at
/// most `tolerance` times the length of the point it leads to. The point is kept in double
/// precision and rounded once, at the end. Distances below ν count as ν: rows that all lie closer
/// together give their weighted average. A start that falls on a row moves by about ν in its first
/// step, so it may stop there if the point is longer than ν / tolerance, by default 1000. On rows
/// along a line with a whole segment of minima the start decides which one is found.
///
/// It judges nobody: a verdict's weight is the row's share in the last step, of which the result is
/// the average. Paper: ν = 1e-6 and three or four steps from another start; here it goes on until
/// it has converged, and reports whether it has.
///
/// - Complexity: O(n d) per step, in two passes over the rows; two points of d doubles.
/// - Note: Pillutla, Kakade, Harchaoui, IEEE TSP 2022, algorithm 2.
public struct GeometricMedian: Aggregator {
  public static let manifest = ComponentManifest(
    id: "geometric-median",
    summary: "The point with the least sum of distances to the updates.",
    formula: """
      start at v = the coordinate median; repeat β_i = p_i / max(ν, ‖v − x_i‖), \
      v = Σ β_i x_i / Σ β_i, until ‖v_new − v‖ <= tolerance · ‖v_new‖; p_i: 1/n, or by sample count
      """,
    citations: [
      Citation(
        ["Pillutla", "Kakade", "Harchaoui"], "Robust aggregation for federated learning",
        "IEEE Transactions on Signal Processing", 2022, doi: "10.1109/TSP.2022.3153135",
        arXiv: "1912.13445")
    ], origin: "The paper takes few steps from another start.",
    parameters: [
      ParameterSpec(
        "tolerance", .real(0...1), default: .real(1e-9),
        help: "largest last step, relative to the length of the point"),
      ParameterSpec(
        "max-iterations", .integer(1...1_000_000), default: .integer(100),
        help: "steps after which it stops in any case"),
      ParameterSpec(
        "nu", .positive(), default: .real(1e-6), help: "distance that shorter ones count as"),
    ])

  // Not scale: ν is a length.
  public static let bound: RobustnessBound? = KnownBounds.medians
  public static let laws: RuleLaws = [.translation, .equalRows, .singleRow, .order, .range]
  public static let reports = ["converged", "iterations"]

  private let tolerance: Double
  private let stepLimit: Int
  private let nu: Double

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    tolerance = arguments.real("tolerance")
    stepLimit = arguments.integer("max-iterations")
    nu = arguments.real("nu")
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    var point = updates.values.median(pool: round.pool).map { Double($0) }
    var next = point
    var shares = updates.weights
    var steps = 0
    var hasConverged = false
    while steps < stepLimit && !hasConverged {
      let distances = updates.values.squaredDistances(to: point, pool: round.pool)
      shares = smoothedShares(updates.weights, squaredDistances: distances, nu: nu)
      updates.values.combine(shares, pool: round.pool, into: &next)
      let moved = Double.squaredDistance(next.span, point.span).squareRoot()
      let length = Double.squaredNorm(next.span).squareRoot()
      hasConverged = moved <= tolerance * max(length, .leastNormalMagnitude)
      swap(&point, &next)
      steps += 1
    }
    return Aggregation(
      update: point.map { Float($0) },
      verdicts: shares.map { Verdict(.notJudged, weight: $0) },
      report: [
        "converged": .number(hasConverged ? 1 : 0), "iterations": .number(Double(steps)),
      ])
  }
}
