public import Components
public import Federation
import Kernels
import Tensors

/// The average of the rows by their weights, none of which may exceed a cap.
///
/// Without a cap it is the rule `mean`. Weights by sample count are what clients say of themselves,
/// so a client can buy any weight; the cap bounds that. What a row loses goes to the others in
/// proportion to their weights, capped in their turn; to equal parts if those have none. A cap below
/// 1/n counts as 1/n, of the rows that arrive, which is the plain average.
///
/// With a cap a row that loses weight is downweighted and the others are accepted; without one it
/// judges nobody. Suspicion is what the row had beyond the cap.
///
/// - Complexity: O(n d + n²).
/// - Note: McMahan, Moore, Ramage, Hampson, Agüera y Arcas, AISTATS 2017; the cap is ours.
public struct WeightedMean: Aggregator {
  public static let manifest = ComponentManifest(
    id: "weighted-mean",
    summary: "The average of the updates by their weights, each up to a cap.",
    formula: """
      Σ q_i x_i; q_i = min(cap, λ p_i) with λ such that Σ q_i = 1; p_i: 1/n, or by sample count
      """,
    citations: [
      Citation(
        ["McMahan", "Moore", "Ramage", "Hampson", "Agüera y Arcas"],
        "Communication-efficient learning of deep networks from decentralized data", "AISTATS",
        2017, arXiv: "1602.05629")
    ], origin: "The cap is ours: sample counts are what clients say of themselves.",
    parameters: [
      ParameterSpec(
        "cap", .real(.leastNonzeroMagnitude...1, orWords: ["none"]), default: .text("none"),
        help: "largest weight of a row; none: the weights as they come")
    ])

  public static let traits: DefenseTraits = [.secureAggregation, .fixedWeights]
  public static let laws: RuleLaws = [
    .translation, .scale, .equalRows, .singleRow, .order, .range,
  ]

  /// `nil`: the weights as they come.
  private let cap: Double?

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    cap = arguments.number("cap")
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let given = updates.weights
    guard let cap = cap.map({ max($0, 1 / Double(given.count)) }) else {
      return Aggregation(
        update: updates.values.mean(weights: given, pool: round.pool),
        verdicts: given.map { Verdict(.notJudged, weight: $0) })
    }
    let weights = Self.capped(given, at: cap)
    return Aggregation(
      update: updates.values.mean(weights: weights, pool: round.pool),
      verdicts: zip(weights, given).map { weight, given in
        Verdict(
          weight < given ? .downweighted : .accepted, weight: weight,
          suspicion: max(0, given - cap))
      })
  }

  /// Returns min(`cap`, λ p) with the λ that makes the sum 1.
  ///
  /// - Precondition: The weights sum to 1, and `cap` is at least an equal share.
  private static func capped(_ weights: [Double], at cap: Double) -> [Double] {
    var isCapped = weights.map { $0 > cap }
    // Each pass caps another row or is the last.
    while true {
      let free = weights.indices.filter { !isCapped[$0] }
      let total = free.reduce(0) { $0 + weights[$1] }
      let cappedCount = weights.count - free.count
      guard cappedCount > 0 else { return weights }
      let rest = max(0, 1 - Double(cappedCount) * cap)
      let shares = weights.indices.map { row in
        isCapped[row]
          ? cap : total > 0 ? weights[row] / total * rest : rest / Double(free.count)
      }
      let beyond = free.filter { shares[$0] > cap }
      guard !beyond.isEmpty else { return shares }
      for row in beyond { isCapped[row] = true }
    }
  }
}
