public import Components
public import Federation
import Tensors

/// The weighted average of the rows: Σ p_i x_i.
///
/// The weights come with the updates: uniform, or by sample count. It judges nobody and a single
/// row can move it anywhere. Sums are formed in double precision and rounded once.
///
/// - Complexity: O(n d).
/// - Note: McMahan, Moore, Ramage, Hampson, Agüera y Arcas, AISTATS 2017.
public struct Mean: Aggregator {
  public static let manifest = ComponentManifest(
    id: "mean",
    summary: "The weighted average of all updates.",
    formula: "Σ p_i x_i with the weights p_i of the scenario: 1/n, or by sample count",
    citations: [
      Citation(
        ["McMahan", "Moore", "Ramage", "Hampson", "Agüera y Arcas"],
        "Communication-efficient learning of deep networks from decentralized data", "AISTATS",
        2017, arXiv: "1602.05629")
    ])

  public static let traits: DefenseTraits = [.secureAggregation, .fixedWeights]
  public static let laws: RuleLaws = [
    .translation, .scale, .equalRows, .singleRow, .order, .range, .spreadsNonFinite,
  ]

  public init(_: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {}

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    Aggregation(
      update: updates.values.mean(weights: updates.weights, pool: round.pool),
      verdicts: updates.weights.map { Verdict(.notJudged, weight: $0) })
  }
}
