public import Components
public import Federation
import Statistics
import Tensors

/// The average of the larger of two clusters by direction, each row shortened to the usual length of
/// all rounds.
///
/// The bound is the median norm of all rows of this round and of those before. The rows are clustered
/// by average linkage on 1 − cosine until two clusters are left; the distance to a zero row is 2. Of
/// two equally large clusters that of the lowest row is kept.
///
/// The smaller cluster is always left out, even where all rows are equal. Row weights are ignored. A
/// shortened row is downweighted; its weight is its equal share times the factor. Suspicion is the
/// mean of 1 − cosine to the other rows of the larger cluster, in 0...2.
///
/// - Complexity: O(n² d + n³), often O(n² d). Memory between rounds: a number per row so far.
/// - Note: Li, Ngai, Voigt, IEEE Transactions on Big Data 2023. The authors' code takes no bound
///   above 10⁵.
public struct ClippedClustering: Aggregator {
  public static let manifest = ComponentManifest(
    id: "clipped-clustering",
    summary: "The average of the larger of two clusters by direction, at most of usual length.",
    formula: """
      τ = the median of the norms of all rounds so far; average linkage on 1 − cos(x_i, x_j) to two \
      clusters; the result is the average of x_i · min(1, τ / ‖x_i‖) over the larger one
      """,
    citations: [
      Citation(
        ["Li", "Ngai", "Voigt"],
        "An experimental study of Byzantine-robust aggregation schemes in federated learning",
        "IEEE Transactions on Big Data", 2023, doi: "10.1109/TBDATA.2023.3237397")
    ])

  public static let traits: DefenseTraits = [.declaresMalicious, .stateful]
  // Not order: of an even number of rows the clusters may be equally large.
  public static let laws: RuleLaws = [.scale, .equalRows, .singleRow]
  public static let reports = ["accepted", "bound"]

  /// The norms of all rounds, ascending.
  private var norms: [Double] = []

  public init(_: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {}

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&norms)
    pass.require(
      norms.allSatisfy { $0 >= 0 && $0.isFinite }
        && zip(norms, norms.dropFirst()).allSatisfy { $0 <= $1 },
      "the norms are not finite numbers that ascend")
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = updates.rowCount
    let found = updates.values.norms(pool: round.pool)
    norms = (norms + found).sorted()
    // Every round has a row.
    let bound = Statistics.Median.of(norms) ?? 0
    let similarity = Similarities(of: updates.values, pool: round.pool)
    var distances = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0..<n where i != j {
        distances[i * n + j] = found[i] > 0 && found[j] > 0 ? similarity.distance(i, j) : 2
      }
    }
    let labels = Agglomeration(
      distances, pointCount: n, clusterCount: 2, linkage: .average
    ).labels
    let members = LargestCluster(labels).members
    var weights = [Double](repeating: 0, count: n)
    for row in members {
      weights[row] = clippingFactor(norm: found[row], bound: bound) / Double(members.count)
    }
    let kept = Set(members)
    let verdicts = (0..<n).map { row in
      let others = members.filter { $0 != row }
      return Verdict(
        !kept.contains(row) ? .rejected : found[row] > bound ? .downweighted : .accepted,
        weight: weights[row],
        suspicion: Moments.mean(others.map { distances[row * n + $0] }) ?? 0)
    }
    return Aggregation(
      update: updates.values.combination(weights, pool: round.pool), verdicts: verdicts,
      report: ["accepted": .number(Double(members.count)), "bound": .number(bound)])
  }
}
