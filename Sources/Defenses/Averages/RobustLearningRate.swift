public import Components
public import Federation
import Tensors

/// The weighted average of the rows, turned round in each coordinate whose sign too few rows agree on.
///
/// What is turned round takes the server away from what a few clients push for. A zero is no vote;
/// each row has one vote, whatever its weight. `auto` takes two fifths of the rows of the round,
/// rounded down, as 4 of 10 in the authors' experiments. The threshold has to be above the number of
/// attackers, and below the agreement of honest rows, which is low where their data differ. A
/// threshold of more rows than announced would turn every coordinate and is refused; if fewer arrive,
/// it is at most their number. With 0 or 1 no coordinate that moves is turned, but for ties.
///
/// It judges nobody: a verdict's weight is the weight of the row, turned coordinates included.
///
/// - Complexity: O(n d), without a copy of the matrix.
/// - Note: Ozdayi, Kantarcioglu, Gel, AAAI 2021.
public struct RobustLearningRate: Aggregator {
  public static let manifest = ComponentManifest(
    id: "rlr",
    summary: "The weighted average, turned round where too few updates agree on the sign.",
    formula: """
      per coordinate r Σ p_i x_i with r = 1 if |Σ sign(x_i)| >= threshold, else −1; p_i: 1/n, or by \
      sample count
      """,
    preconditions: ["n >= threshold"],
    citations: [
      Citation(
        ["Ozdayi", "Kantarcioglu", "Gel"],
        "Defending against backdoors in federated learning with robust learning rate", "AAAI",
        2021, arXiv: "2007.03767")
    ], origin: "The automatic threshold is ours.",
    parameters: [
      ParameterSpec(
        "threshold", .integer(0...1_000_000, orWords: ["auto"]), default: .text("auto"),
        help: "least surplus of equal signs; auto: two fifths of the rows")
    ])

  public static let traits: DefenseTraits = [.secureAggregation]
  public static let laws: RuleLaws = [.scale, .equalRows, .singleRow, .order]
  public static let reports = ["flipped"]

  /// `nil`: two fifths of the rows.
  private let threshold: Int?

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    threshold = arguments.wholeNumber("threshold")
    let n = setup.participantCount
    if let threshold, threshold > n {
      throw ConfigurationError(
        .infeasible(
          component: Self.manifest.id,
          reason: """
            needs n >= \(threshold) submissions for a threshold of \(threshold), got \(n)
            """))
    }
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = updates.rowCount
    let threshold = Float(min(threshold ?? 2 * n / 5, n))
    let votes = updates.values.votes(pool: round.pool).votes
    var update = updates.values.mean(weights: updates.weights, pool: round.pool)
    var flippedCount = 0
    for index in update.indices where abs(votes[index]) < threshold {
      // A difference, so that 0 stays +0.
      update[index] = 0 - update[index]
      flippedCount += 1
    }
    return Aggregation(
      update: update, verdicts: updates.weights.map { Verdict(.notJudged, weight: $0) },
      report: ["flipped": .number(Double(flippedCount))])
  }
}
