public import Federation
public import Kernels

/// The row that lies closest to its nearest n − f − 2 neighbors.
///
/// Ties go to the lowest client. All rows equal: the lowest client's. The rejection of a row says
/// that another one was nearer to its neighbors, not that it is malicious. Suspicion is the score.
///
/// - Complexity: O(n² d).
/// - Note: Blanchard, El Mhamdi, Guerraoui, Stainer, NeurIPS 2017, with squared distances and
///   n − f − 2 *other* rows. `neighbours` and `power` give the variants of other libraries.
public struct Krum: Aggregator {
  public static let manifest = ComponentManifest(
    id: "krum",
    summary: "The update that lies closest to its nearest neighbors.",
    formula: """
      score(i) = sum of ‖x_i − x_j‖² over the n − f − 2 other rows j nearest to i; the result is \
      the row of the lowest score, ties to the lowest client
      """,
    preconditions: ["n >= 2f + 3"],
    citation: """
      Blanchard, El Mhamdi, Guerraoui, Stainer. Machine learning with adversaries: Byzantine \
      tolerant gradient descent. NeurIPS 2017.
      """,
    parameters: KrumScores.parameters)

  private let scoring: KrumScores

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    scoring = KrumScores(
      arguments, setup: setup, component: Self.manifest.id, problems: &problems)
    guard problems.isEmpty else { throw ConfigurationError(problems) }
  }

  public mutating func aggregate<Element: Scalar>(
    _ updates: UpdateMatrix<Element>, in round: RoundContext
  ) throws(DefenseError) -> Aggregation<Element> {
    let scores = scoring.scores(updates, pool: round.pool)
    let winner = KrumScores.ranking(scores, of: updates)[0]
    var result = Aggregation(
      averaging: [winner], of: updates, scores: scores, pool: round.pool)
    result.report["score"] = .number(scores[winner])
    return result
  }
}
