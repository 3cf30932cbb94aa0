public import Federation
public import Kernels

/// The weighted average of the rows: Σ p_i x_i.
///
/// The weights come with the updates: uniform, or by sample count. It judges nobody and a single
/// row can move it anywhere. Sums are formed in double precision, so float64 rows near its limit
/// (10³⁰⁸ / n) overflow.
///
/// - Complexity: O(n d).
/// - Note: McMahan, Moore, Ramage, Hampson, Agüera y Arcas, AISTATS 2017.
public struct Mean: Aggregator {
  public static let manifest = ComponentManifest(
    id: "mean",
    summary: "The weighted average of all updates.",
    formula: "Σ p_i x_i with the weights p_i of the scenario: 1/n, or by sample count",
    citation: """
      McMahan, Moore, Ramage, Hampson, Agüera y Arcas. Communication-efficient learning of deep \
      networks from decentralized data. AISTATS 2017.
      """)

  public init(_: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {}

  public mutating func aggregate<Element: Scalar>(
    _ updates: UpdateMatrix<Element>, in round: RoundContext
  ) throws(DefenseError) -> Aggregation<Element> {
    let weights = updates.weights
    // With equal weights one division at the end is more exact than n products.
    let isUniform = weights.allSatisfy { $0 == weights[0] }
    return Aggregation(
      update: isUniform
        ? updates.mean(pool: round.pool) : updates.combination(weights, pool: round.pool),
      verdicts: weights.map { Verdict(.notJudged, weight: $0) })
  }
}
