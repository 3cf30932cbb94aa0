public import Components
public import Federation

/// The plain average of the m rows with the lowest Krum scores.
///
/// Rows are scored once, not again after each choice. m is n − f unless given; m = 1 is Krum and
/// m = n the mean. If fewer rows arrive than announced, m is at most their number. Row weights are
/// ignored, ties go to the lowest row, suspicion is the score.
///
/// - Complexity: O(n² (d + log n)) time; at most 64 MiB of distances at once.
/// - Note: Blanchard, El Mhamdi, Guerraoui, Stainer, NeurIPS 2017, where m is free.
public struct MultiKrum: Aggregator {
  public static let manifest = ComponentManifest(
    id: "multi-krum",
    summary: "The average of the m updates that lie closest to their nearest neighbors.",
    formula: """
      score(i) = sum of ‖x_i − x_j‖² over the n − f − 2 other rows j nearest to i; the result is \
      the unweighted average of the m rows of lowest score, ties to the lowest row
      """,
    preconditions: ["n >= 2f + 3", "1 <= m <= n"],
    citations: [
      Citation(
        ["Blanchard", "El Mhamdi", "Guerraoui", "Stainer"],
        "Machine learning with adversaries: Byzantine tolerant gradient descent", "NeurIPS", 2017,
        arXiv: "1703.02757")
    ],
    parameters: KrumScores.parameters + [
      ParameterSpec(
        "m", .integer(1...1_000_000, orWords: ["n-f"]), default: .text("n-f"),
        help: "number of rows to average")
    ])

  public static let laws: RuleLaws = [
    .translation, .scale, .equalRows, .singleRow, .order, .range,
  ]

  private let scoring: KrumScores
  /// `nil`: n − f of the rows that arrive.
  private let selectedCount: Int?

  public var isOutsideProof: Bool { scoring.isOutsideProof }

  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    KrumScores.workingBytes(rowCount: rowCount) + 16 * Double(columnCount)
  }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    scoring = KrumScores(arguments, setup: setup, component: id, problems: &problems)
    selectedCount = arguments.wholeNumber("m")
    let n = setup.participantCount
    if let selectedCount, selectedCount > n {
      problems.append(
        .infeasible(
          component: id,
          reason: "needs n >= m = \(selectedCount) submissions to average, got \(n)"))
    }
    guard problems.isEmpty else { throw ConfigurationError(problems) }
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = updates.rowCount
    let m = min(max(selectedCount ?? n - scoring.f, 1), n)
    let scores = scoring.scores(of: updates.values, pool: round.pool)
    let best = KrumScores.ranking(scores).prefix(m)
    return Aggregation(averaging: best, of: updates.values, scores: scores, pool: round.pool)
  }
}
