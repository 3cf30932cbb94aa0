public import Components
public import Federation
import Kernels
import Statistics
import Tensors

/// The last aggregate, moved by the average of the rows' differences from it, each shortened to τ.
///
/// The center starts at the zero update and is remembered in double precision: an attacker has to
/// move it round by round. `auto` takes for τ the median distance of the rows from the point that
/// the step starts from, the mean of the two middle ones for an even number, so that it fits updates
/// of any length; a fixed τ that no distance reaches gives the plain average. A row at the point
/// itself has factor 1. Row weights are ignored, as in the paper: clients report their own sample
/// counts. With few steps it need not be near the rows in the first rounds.
///
/// A row shortened in the last step is downweighted. A verdict's weight is the share of the row in
/// the result, the center of the last round having the rest; suspicion is the distance that the last
/// step starts from.
///
/// - Complexity: O(n d) per step, in two passes over the rows. Memory: d doubles between rounds.
/// - Note: Karimireddy, He, Jaggi, ICML 2021, algorithm 2; the paper's workers send momentum.
public struct CenteredClipping: Aggregator {
  public static let manifest = ComponentManifest(
    id: "centered-clipping",
    summary: "The last aggregate, moved by the average of the clipped differences from it.",
    formula: """
      start at v = the last aggregate, 0 in the first round; repeat \
      v = v + (1/n) Σ (x_i − v) · min(1, τ / ‖x_i − v‖); auto: τ = the median of ‖x_i − v‖
      """,
    citations: [
      Citation(
        ["Karimireddy", "He", "Jaggi"],
        "Learning from history for Byzantine robust optimization", "ICML", 2021,
        arXiv: "2012.10333")
    ],
    origin: """
      The automatic τ is ours. Under secure aggregation τ has to be a number.
      """,
    parameters: [
      ParameterSpec(
        "tau", .positive(orWords: ["auto"]), default: .text("auto"),
        help: "largest distance from the center that counts in full; auto: the median distance"),
      ParameterSpec(
        "steps", .integer(1...10_000), default: .integer(1), help: "steps per round"),
    ])

  public static let traits: DefenseTraits = [.stateful, .secureAggregation]
  // Not equal rows and their like: it starts at 0, and τ bounds how far a round can go.
  public static let laws: RuleLaws = [.order]
  public static let reports = ["bound", "clipped"]

  /// `nil`: the median distance.
  private let tau: Double?
  private let stepCount: Int
  /// 0 on a bare matrix.
  private let parameterCount: Int
  /// The aggregate of the last round; empty before the first.
  private var center: [Double] = []

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    tau = arguments.number("tau")
    stepCount = arguments.integer("steps")
    parameterCount = setup.layout.count
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&center)
    pass.requireColumns(center.isEmpty ? nil : center.count, of: parameterCount)
    pass.require(Double.allFinite(center.span), "the last aggregate is not finite")
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = Double(updates.rowCount)
    if center.count != updates.columnCount { center = Double.zeros(updates.columnCount) }
    var next = center
    var shares = [Double](repeating: 0, count: updates.rowCount)
    var distances = shares
    var bound = 0.0
    for _ in 0..<stepCount {
      distances = updates.values.squaredDistances(to: center, pool: round.pool)
        .map { $0.squareRoot() }
      // Every round has a row.
      bound = tau ?? Statistics.Median.of(distances) ?? 0
      let factors = distances.map { clippingFactor(norm: $0, bound: bound) }
      // Exactly 0 where nothing is clipped, however far away the center is.
      let rest = factors.reduce(0) { $0 + (1 - $1) } / n
      updates.values.combine(factors.map { $0 / n }, pool: round.pool, into: &next)
      var target = next.mutableSpan
      if rest > 0 { Double.axpy(rest, center.span, into: &target) }
      shares = zip(shares, factors).map { $0 * rest + $1 / n }
      swap(&center, &next)
    }
    return Aggregation(
      update: center.map { Float($0) },
      verdicts: zip(shares, distances).map { share, distance in
        Verdict(distance > bound ? .downweighted : .accepted, weight: share, suspicion: distance)
      },
      report: [
        "bound": .number(bound), "clipped": .number(Double(distances.count { $0 > bound })),
      ])
  }
}
