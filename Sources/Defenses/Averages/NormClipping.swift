public import Components
public import Federation
import Statistics
import Tensors

/// The weighted average of the rows, each shortened to a norm bound first.
///
/// `auto` takes the median norm of the round's rows, the mean of the two middle ones for an even
/// number. Zero rows stay zero; an automatic bound of 0 gives the zero update. A clipped row is
/// downweighted; its weight is its share times the clipping factor, suspicion is the norm.
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
    citations: [
      Citation(
        ["Sun", "Kairouz", "Suresh", "McMahan"], "Can you really backdoor federated learning?",
        "arXiv", 2019, arXiv: "1911.07963"),
      Citation(
        [
          "Nguyen", "Rieger", "Chen", "Yalame", "Möllering", "Fereidooni", "Marchal", "Miettinen",
          "Mirhoseini", "Zeitouni", "Koushanfar", "Sadeghi", "Schneider",
        ], "FLAME: taming backdoors in federated learning", "USENIX Security", 2022,
        arXiv: "2101.02281"),
    ], origin: "FLAME has the automatic bound. Under secure aggregation it has to be a number.",
    parameters: [
      ParameterSpec(
        "bound", .positive(orWords: ["auto"]), default: .text("auto"),
        help: "largest norm of a row; auto: the median norm of the round")
    ])

  public static let traits: DefenseTraits = [.secureAggregation]
  public static let laws: RuleLaws = [.order]
  public static let reports = ["bound", "clipped"]

  /// `nil`: the median norm of the round.
  private let bound: Double?

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    bound = arguments.number("bound")
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let norms = updates.values.norms(pool: round.pool)
    // Of the module: this one has a rule of the same name. Every round has a row.
    let bound = bound ?? Statistics.Median.of(norms) ?? 0
    let weights = zip(updates.weights, norms).map { $0 * clippingFactor(norm: $1, bound: bound) }
    return Aggregation(
      update: updates.values.combination(weights, pool: round.pool),
      verdicts: zip(weights, norms).map { weight, norm in
        Verdict(norm > bound ? .downweighted : .accepted, weight: weight, suspicion: norm)
      },
      report: [
        "bound": .number(bound), "clipped": .number(Double(norms.count { $0 > bound })),
      ])
  }
}
