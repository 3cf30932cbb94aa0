public import Components
public import Federation
import Statistics
import Tensors

/// The average of the larger of two clusters by direction, if the clients fall apart at all.
///
/// The rows are split in two so that the largest cosine α of a row of one cluster and a row of the
/// other is as small as it can be, which single linkage finds exactly. The cosine with a zero row is
/// 0. The split counts if √((1 − α) / 2), the `separation`, exceeds `gamma` (by more than rounding),
/// the norm of the average is below `mean-norm` and the longest row longer than `max-norm`; all rows
/// are averaged otherwise, as where they are parallel or all zero. Of several best splits the first merges decide:
/// of equally near pairs that of the lowest row, to 1e-12. Of two equally large clusters that of the
/// lowest row is kept.
///
/// By default somebody is left out wherever two rows differ in direction. `complete` merges by the
/// smallest cosine of two clusters instead, which keeps each of them close together, but does not find
/// the split that the paper defines. Row weights are ignored. Suspicion is the mean of 1 − cosine to
/// the other rows of the kept cluster, in 0...2.
///
/// - Complexity: O(n² d + n³), often O(n² d).
/// - Note: Sattler, Müller, Wiegand, Samek, ICASSP 2020; the conditions are those of their clustered
///   federated learning, where the clusters are trained on their own afterwards.
public struct Clustering: Aggregator {
  public static let manifest = ComponentManifest(
    id: "clustering",
    summary: "The average of the larger of two clusters by direction.",
    formula: """
      c1, c2 = the bipartition of least α = max cos(x_i, x_j) over i in c1, j in c2; the result is the \
      average of the larger one where √((1 − α) / 2) > gamma, ‖average‖ < mean-norm and max ‖x_i‖ > \
      max-norm, and of all rows otherwise
      """,
    citations: [
      Citation(
        ["Sattler", "Müller", "Wiegand", "Samek"],
        "On the Byzantine robustness of clustered federated learning", "ICASSP", 2020,
        doi: "10.1109/ICASSP40776.2020.9054676"),
      Citation(
        ["Sattler", "Müller", "Samek"],
        "Clustered federated learning: model-agnostic distributed multitask optimization under "
          + "privacy constraints", "IEEE Transactions on Neural Networks and Learning Systems",
        2021,
        arXiv: "1910.01991"),
    ],
    origin: """
      The authors' code merges by complete linkage, and so do libraries after it. That every round is \
      split by default is how the method is used as a rule.
      """,
    parameters: [
      ParameterSpec(
        "linkage", .choice(["single", "complete"]), default: .text("single"),
        help: "how clusters are merged: single finds the bipartition of the paper"),
      ParameterSpec(
        "gamma", .real(0...1), default: .real(0),
        help: "least separation of the clusters, the sine of half the angle between them"),
      ParameterSpec(
        "mean-norm", .positive(orWords: ["any"]), default: .text("any"),
        help: "norm that the average has to be below for a split"),
      ParameterSpec(
        "max-norm", .real(0 ... .greatestFiniteMagnitude), default: .real(0),
        help: "norm that the longest update has to exceed for a split"),
    ])

  public static let traits: DefenseTraits = [.declaresMalicious]
  // Not order: of an even number of rows the clusters may be equally large.
  public static let laws: RuleLaws = [.scale, .equalRows, .singleRow, .range]
  public static let reports = ["accepted", "separation"]

  private let linkage: Agglomeration.Linkage
  private let gamma: Double
  /// `nil`: any.
  private let meanNorm: Double?
  private let maxNorm: Double

  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    32 * Double(rowCount) * Double(rowCount) + 16 * Double(columnCount)
  }

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    linkage = arguments.word("linkage") == "complete" ? .complete : .single
    gamma = arguments.real("gamma")
    meanNorm = arguments.number("mean-norm")
    maxNorm = arguments.real("max-norm")
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = updates.rowCount
    let similarity = Similarities(of: updates.values, pool: round.pool)
    let labels = Agglomeration(
      (0..<n * n).map { similarity.distance($0 / n, $0 % n) }, pointCount: n, clusterCount: 2,
      linkage: linkage
    ).labels
    let squaredSine = Self.gap(labels, similarity) / 2
    var members = Array(0..<n)
    // Beyond what rounding makes of parallel rows.
    if squaredSine > gamma * gamma + 1e-12, isDue(updates, round) {
      members = LargestCluster(labels).members
    }
    let shares = updates.values.shares(ofRows: members)
    return Aggregation(
      update: updates.values.mean(weights: shares, pool: round.pool),
      verdicts: (0..<n).map { row in
        let others = members.filter { $0 != row }
        return Verdict(
          shares[row] > 0 ? .accepted : .rejected, weight: shares[row],
          suspicion: Moments.mean(others.map { similarity.distance(row, $0) }) ?? 0)
      },
      report: [
        "accepted": .number(Double(members.count)),
        "separation": .number(squaredSine.squareRoot()),
      ])
  }

  /// Whether the lengths of the rows allow a split.
  private func isDue(_ updates: borrowing UpdateMatrix, _ round: RoundContext) -> Bool {
    guard (updates.values.norms(pool: round.pool).max() ?? 0) > maxNorm else { return false }
    guard let meanNorm else { return true }
    let average = Matrix(rows: [updates.values.mean(pool: round.pool)])
    return average.norm(ofRow: 0) < meanNorm
  }

  /// The least 1 − cosine between the clusters; 0 where there is only one.
  private static func gap(_ labels: [Int], _ similarity: Similarities) -> Double {
    var least: Double?
    for i in labels.indices {
      for j in 0..<i where labels[i] != labels[j] {
        least = min(least ?? 2, similarity.distance(i, j))
      }
    }
    return least ?? 0
  }
}
