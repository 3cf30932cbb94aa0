public import Federation
public import Kernels

/// The weighted average of the rows, each shortened to a norm bound first.
///
/// `auto` takes the median norm of the round's rows, the mean of the two middle ones for an even
/// number. Zero rows stay zero; an automatic bound of 0 gives the zero update. A clipped row is
/// downweighted; its weight is its share times the clipping factor, suspicion is the norm. In double
/// precision a norm beyond the square root of the largest double counts as infinite.
///
/// - Complexity: O(n d), without a copy of the matrix: the factors go into the weights.
/// - Note: Sun, Kairouz, Suresh, McMahan, "Can you really backdoor federated learning?", 2019; the
///   automatic bound as in Nguyen et al., "FLAME", USENIX Security 2022.
public struct NormClipping: Aggregator {
  public static let manifest = ComponentManifest(
    id: "norm-clipping",
    summary: "The weighted average of the updates, each shortened to a norm bound first.",
    formula: """
      Σ p_i x_i · min(1, bound / ‖x_i‖); auto: bound = the median of the norms of the round
      """,
    citation: """
      Sun, Kairouz, Suresh, McMahan. Can you really backdoor federated learning? arXiv 1911.07963, \
      2019; automatic bound: Nguyen et al. FLAME: taming backdoors in federated learning. USENIX \
      Security 2022.
      """,
    parameters: [
      ParameterSpec(
        "bound", .positive(orWords: ["auto"]), default: .text("auto"),
        help: "largest norm of a row; auto: the median norm of the round")
    ])

  /// `nil`: the median norm of the round.
  private let bound: Double?

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    bound = arguments.number("bound")
  }

  public mutating func aggregate<Element: Scalar>(
    _ updates: UpdateMatrix<Element>, in round: RoundContext
  ) throws(DefenseError) -> Aggregation<Element> {
    let norms = updates.norms(pool: round.pool)
    let bound = bound ?? median(norms)
    let weights = zip(updates.weights, norms).map { $0 * clippingFactor(norm: $1, bound: bound) }
    return Aggregation(
      update: updates.combination(weights, pool: round.pool),
      verdicts: zip(weights, norms).map { weight, norm in
        Verdict(norm > bound ? .downweighted : .accepted, weight: weight, suspicion: norm)
      },
      report: [
        "bound": .number(bound), "clipped": .number(Double(norms.count { $0 > bound })),
      ])
  }
}
