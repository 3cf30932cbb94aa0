public import Components
public import Federation

/// The row that lies closest to its nearest n − f − 2 neighbors.
///
/// Ties go to the lowest row. All rows equal: the lowest one. The rejection of a row says
/// that another one was nearer to its neighbors, not that it is malicious. Suspicion is the score.
/// `relax` lets it work on f + 1 to 2f + 2 rows, with at least one neighbor.
///
/// - Complexity: O(n² (d + log n)) time; at most 64 MiB of distances at once.
/// - Note: Blanchard, El Mhamdi, Guerraoui, Stainer, NeurIPS 2017, with squared distances and
///   n − f − 2 *other* rows. `neighbours` and `power` give the variants of other libraries.
public struct Krum: Aggregator {
  public static let manifest = ComponentManifest(
    id: "krum",
    summary: "The update that lies closest to its nearest neighbors.",
    formula: """
      score(i) = sum of ‖x_i − x_j‖² over the n − f − 2 other rows j nearest to i; the result is \
      the row of the lowest score, ties to the lowest row
      """,
    preconditions: ["n >= 2f + 3"],
    citations: [
      Citation(
        ["Blanchard", "El Mhamdi", "Guerraoui", "Stainer"],
        "Machine learning with adversaries: Byzantine tolerant gradient descent", "NeurIPS", 2017,
        arXiv: "1703.02757")
    ],
    parameters: KrumScores.parameters)

  public static let bound: RobustnessBound? = KnownBounds.krum
  public static let laws: RuleLaws = [
    .translation, .scale, .equalRows, .singleRow, .order, .range,
  ]
  public static let reports = ["score"]

  private let scoring: KrumScores

  public var isOutsideProof: Bool { scoring.isOutsideProof }

  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    KrumScores.workingBytes(rowCount: rowCount) + 16 * Double(columnCount)
  }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    scoring = KrumScores(
      arguments, setup: setup, component: Self.manifest.id, problems: &problems)
    guard problems.isEmpty else { throw ConfigurationError(problems) }
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let scores = scoring.scores(of: updates.values, pool: round.pool)
    let winner = KrumScores.ranking(scores)[0]
    var result = Aggregation(
      averaging: [winner], of: updates.values, scores: scores, pool: round.pool)
    result.report["score"] = .number(scores[winner])
    return result
  }
}
