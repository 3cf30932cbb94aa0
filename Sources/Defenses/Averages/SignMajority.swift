public import Components
public import Federation
import Statistics
import Tensors

/// A step of one length in each coordinate, where the majority of the signs points.
///
/// A zero is no vote, and without a majority the coordinate stays. Each row has one vote, whatever its
/// length and its weight. The paper's step is 1, which the server's learning rate shrinks; where that
/// fits other rules, give a `step` here, or `auto`: the median over the rows of ‖x_i‖/√d, which makes
/// a result without ties as long as the median row.
///
/// It judges nobody: a verdict's weight is the mean over coordinates of 1 divided by the number of
/// rows that voted with the majority, where the row is among them. Tied coordinates have no weight.
///
/// - Complexity: O(n d), without a copy of the matrix.
/// - Note: Bernstein, Zhao, Azizzadenesheli, Anandkumar, ICLR 2019.
public struct SignMajority: Aggregator {
  public static let manifest = ComponentManifest(
    id: "sign-majority",
    summary: "A step in each coordinate where the majority of the signs points.",
    formula: """
      per coordinate step · sign(Σ sign(x_i)), sign(0) = 0; auto: step = the median of ‖x_i‖ / √d
      """,
    citations: [
      Citation(
        ["Bernstein", "Zhao", "Azizzadenesheli", "Anandkumar"],
        "signSGD with majority vote is communication efficient and fault tolerant", "ICLR", 2019,
        arXiv: "1810.05291"),
      Citation(
        ["Bernstein", "Wang", "Azizzadenesheli", "Anandkumar"],
        "signSGD: compressed optimisation for non-convex problems", "ICML", 2018,
        arXiv: "1802.04434"),
    ], origin: "The automatic step is ours. Under secure aggregation the step has to be a number.",
    parameters: [
      ParameterSpec(
        "step", .real(.leastNonzeroMagnitude...1e30, orWords: ["auto"]), default: .real(1),
        help: "length of the step in each coordinate; auto: from the lengths of the round's rows")
    ])

  public static let traits: DefenseTraits = [.secureAggregation]
  public static let laws: RuleLaws = [.order]
  public static let reports = ["step"]

  /// `nil`: from the lengths of the rows.
  private let step: Double?

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    step = arguments.number("step")
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let step = step ?? Self.medianLength(updates, in: round)
    let (votes, shares) = updates.values.votes(pool: round.pool)
    let length = Float(step)
    return Aggregation(
      update: votes.map { $0 > 0 ? length : $0 < 0 ? -length : 0 },
      verdicts: shares.map { Verdict(.notJudged, weight: $0) }, report: ["step": .number(step)])
  }

  /// The median over the rows of the root mean square of their values; 0 without columns.
  private static func medianLength(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) -> Double {
    let norms = updates.values.norms(pool: round.pool)
    // Every round has a row.
    return (Statistics.Median.of(norms) ?? 0) / Double(max(updates.columnCount, 1)).squareRoot()
  }
}
