public import Components
import Determinism
public import Federation
import Tensors

/// Rows that Krum selects one after the other, averaged near their median in each coordinate.
///
/// Stage 1 scores the rows that remain anew after each pick, with max(1, n_r − f − 2) neighbors of
/// n_r rows; the last one that remains is taken as it is. Ties go to the lowest row. For f of 1 or 2
/// the last picks have one neighbor, so the two rows nearest to each other tie and the lower one is
/// picked. In stage 2, of two values equally far from the median the lower one is kept first. f = 0 is
/// the plain average. If fewer rows arrive than announced, θ and the number of kept values are at least 1. Row weights
/// are ignored. `relax` lets it work on 4f + 1 or 4f + 2 rows.
///
/// Rows that stage 1 leaves are rejected, which says that others lay nearer to their neighbors, not
/// that they are malicious. A verdict's weight is the share of the aggregate that comes from the
/// row, equal values at the cut sharing equally; suspicion is the row's score among all rows, before
/// the first pick.
///
/// - Complexity: O(n² d) for the distances, O(n³) for stage 1, O(d θ log² θ) for stage 2; 16 n²
///   bytes.
/// - Note: El Mhamdi, Guerraoui, Rouault, ICML 2018, with Krum as the rule of stage 1.
public struct Bulyan: Aggregator {
  public static let manifest = ComponentManifest(
    id: "bulyan",
    summary: "Updates that Krum selects in turn, averaged near their median per coordinate.",
    formula: """
      θ = n − 2f times: move the row that Krum selects among those that remain to S; then per \
      coordinate average the θ − 2f values of S nearest to the median of S
      """,
    preconditions: ["n >= 4f + 3"],
    citations: [
      Citation(
        ["El Mhamdi", "Guerraoui", "Rouault"],
        "The hidden vulnerability of distributed learning in Byzantium", "ICML", 2018,
        arXiv: "1802.07927")
    ],
    parameters: [
      ParameterSpec(
        "f", .integer(0...1_000_000), default: .plan(.declaredByzantine),
        help: "declared number of Byzantine submissions"),
      ProofLimit.parameter,
    ])

  // Not order: with one neighbor the two nearest rows tie, whatever the values.
  public static let laws: RuleLaws = [.translation, .scale, .equalRows, .singleRow, .range]

  private let f: Int
  public let isOutsideProof: Bool

  /// Distances, and for each row those of the others in ascending order.
  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    16 * Double(rowCount) * Double(rowCount) + 32 * Double(columnCount)
  }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    f = arguments.integer("f")
    let limit = ProofLimit(arguments, setup: setup, of: f, proof: (4, 3), computation: (4, 1))
    isOutsideProof = limit.isOutsideProof
    if let problem = limit.problem(Self.manifest.id) { throw ConfigurationError(problem) }
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let scoring = KrumScores(f: f)
    let distances = updates.values.distances(pool: round.pool)
    let scores = scoring.scores(distances, pool: round.pool)
    let selected = select(
      max(updates.rowCount - 2 * f, 1), by: scoring, distances, pool: round.pool)
    let (update, shares) = updates.values.meanAroundMedian(
      ofRows: selected, keepCount: max(selected.count - 2 * f, 1), pool: round.pool)
    let isSelected = Set(selected)
    return Aggregation(
      update: update,
      verdicts: scores.indices.map { row in
        Verdict(
          isSelected.contains(row) ? .accepted : .rejected, weight: shares[row],
          suspicion: scores[row])
      },
      report: ["selected": .rows(selected)])
  }

  /// Stage 1: the rows that Krum picks one by one, in ascending order.
  private func select(
    _ count: Int, by scoring: KrumScores, _ distances: DistanceTable, pool: WorkPool
  ) -> [Int] {
    var others = KrumNeighbors(distances, scoring, pool: pool)
    var selected: [Int] = []
    while selected.count < count { selected.append(others.removeBest(pool: pool)) }
    return selected.sorted()
  }
}
