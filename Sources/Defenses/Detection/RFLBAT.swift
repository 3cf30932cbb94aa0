public import Components
import Determinism
public import Federation
import Statistics
import Tensors

/// The average of the cluster that is least alike, in the plane of largest variance, without the rows
/// that lie far out.
///
/// The rows are projected on their first two principal components. A row passes the first filter if
/// the sum of its distances to all others is at most `eps1` times the median sum. What passes is
/// clustered by k-means, `clusters` of them or as many as the gap statistic says, where up to `limit`
/// are tried. The likeness of a cluster is the median over its rows of their mean cosine, as full
/// updates, to all rows of it, themselves included; backdoored updates are more alike than honest
/// ones, so the cluster of least likeness is kept, of those that have two rows. The rows of the kept
/// cluster pass the second filter if their sum of distances within it is at most `eps2` times the
/// median.
///
/// Nothing is drawn: k-means grows cluster by cluster (``GlobalKMeans``), and the reference sets of the
/// gap statistic are the same in every round. Ties go to the lowest row, of clusters to that of the
/// lowest row. *Never empty*: a row at the median passes a filter. Equal rows pass both. Where only one
/// row is left to cluster, it is kept. A cosine with a zero row is 0. Row weights are ignored.
///
/// Suspicion is above 1, at most 10⁹, where a filter rejects: the sum of distances in bounds; 1 to 2
/// in a cluster that is not kept: 1 and half of 1 + the mean cosine; and up to 1 for a kept row.
///
/// - Complexity: O(n² d + n³), of more than 40 rows O(n² d + limit · 20 n²).
/// - Note: Wang, Zhai, Zhan, Xia, 2022. *Deviations*: a sum equal to the bound passes, and what
///   common code leaves to a random state does not vary.
public struct RFLBAT: Aggregator {
  public static let manifest = ComponentManifest(
    id: "rflbat",
    summary: "The average of the least alike cluster in the plane of largest variance.",
    formula: """
      z = the rows on two principal components; s_i = Σ_j ‖z_i − z_j‖; keep s_i <= eps1 median(s); \
      k-means, k by the gap statistic; keep the cluster of least median over i of mean over j of \
      cos(x_i, x_j); keep Σ_j ‖z_i − z_j‖ <= eps2 times its median there; the result is the average of \
      what is left
      """,
    citations: [
      Citation(
        ["Wang", "Zhai", "Zhan", "Xia"],
        "RFLBAT: a robust federated learning algorithm against backdoor attack", "arXiv", 2022,
        arXiv: "2201.03772")
    ],
    origin: """
      The defaults of eps1, eps2 and limit are those of common code, which starts k-means and the gap \
      statistic at random. The clustering without draws is ours.
      """,
    parameters: [
      ParameterSpec(
        "eps1", .real(1 ... .greatestFiniteMagnitude), default: .real(10),
        help: "bound on the sum of distances to all rows, in medians"),
      ParameterSpec(
        "eps2", .real(1 ... .greatestFiniteMagnitude), default: .real(4),
        help: "bound on the sum of distances in the kept cluster, in medians"),
      ParameterSpec(
        "clusters", .integer(1...1000, orWords: ["gap"]), default: .text("gap"),
        help: "number of clusters, or as many as the gap statistic says"),
      ParameterSpec(
        "limit", .integer(1...100), default: .integer(9),
        help: "most clusters that the gap statistic tries"),
    ])

  public static let traits: DefenseTraits = [.declaresMalicious]
  public static let laws: RuleLaws = [.scale, .equalRows, .singleRow, .order, .range]
  public static let reports = ["accepted", "clusters"]

  private let firstBound: Double
  private let secondBound: Double
  /// `nil`: by the gap statistic.
  private let clusterCount: Int?
  private let limit: Int

  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    40 * Double(rowCount) * Double(rowCount) + 16 * Double(columnCount)
  }

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    firstBound = arguments.real("eps1")
    secondBound = arguments.real("eps2")
    clusterCount = arguments.wholeNumber("clusters")
    limit = arguments.integer("limit")
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = updates.rowCount
    let distances = updates.values.exactDistances(pool: round.pool)
    let gram = distances.gram(around: .init(repeating: 1 / Double(n), count: n))
    let points = PrincipalComponents(gram: gram, pointCount: n, count: 2).coordinates
    var suspicions = Self.excess(points, Array(0..<n), bound: firstBound)
    let passing = (0..<n).filter { suspicions[$0] <= 1 }
    let clusters = clusters(of: passing, points)
    let similarity = Similarities(of: updates.values, pool: round.pool)
    let kept = Self.leastAlike(clusters, similarity)
    for (place, cluster) in clusters.enumerated() {
      let found =
        place == kept
        ? Self.excess(points, cluster, bound: secondBound)
        : cluster.map { 1.5 + Self.likeness($0, cluster, similarity) / 2 }
      for (row, value) in zip(cluster, found) { suspicions[row] = value }
    }
    let members = clusters[kept].filter { suspicions[$0] <= 1 }
    let shares = updates.values.shares(ofRows: members)
    return Aggregation(
      update: updates.values.mean(weights: shares, pool: round.pool),
      verdicts: (0..<n).map { row in
        Verdict(
          shares[row] > 0 ? .accepted : .rejected, weight: shares[row],
          suspicion: min(suspicions[row], 1e9))
      },
      report: [
        "accepted": .number(Double(members.count)), "clusters": .number(Double(clusters.count)),
      ])
  }

  /// The clusters of some rows that are not empty, by their lowest rows.
  private func clusters(of rows: [Int], _ points: [[Double]]) -> [[Int]] {
    let points = rows.map { points[$0] }
    // Not the round's stream: the reference sets are the same in every round.
    var random = SeedPath(root: 0).stream()
    let count =
      clusterCount.map { min($0, rows.count) }
      ?? GapStatistic(globally: points, limit: limit, random: &random).clusterCount
    let labels = GlobalKMeans(points, limit: count).labels[count - 1]
    let found = (0..<count).map { label in
      rows.indices.filter { labels[$0] == label }.map { rows[$0] }
    }
    return found.filter { !$0.isEmpty }.sorted { $0[0] < $1[0] }
  }

  /// The sum of each row's distances to the others, in bounds on it; 0 where it is 0.
  private static func excess(
    _ points: [[Double]], _ rows: [Int], bound: Double
  ) -> [Double] {
    let sums = rows.map { row in
      rows.reduce(0) { sum, other in
        let (x, y) = (points[row][0] - points[other][0], points[row][1] - points[other][1])
        return sum + (x * x + y * y).squareRoot()
      }
    }
    let limit = bound * (Statistics.Median.of(sums) ?? 0)
    return sums.map { $0 > 0 ? $0 / limit : 0 }
  }

  /// The mean cosine of a row to those of its cluster, itself included.
  private static func likeness(
    _ row: Int, _ cluster: [Int], _ similarity: Similarities
  ) -> Double {
    cluster.reduce(0) { $0 + similarity.cosine(row, $1) } / Double(cluster.count)
  }

  /// The place of the cluster of at least two rows whose median likeness is least.
  private static func leastAlike(_ clusters: [[Int]], _ similarity: Similarities) -> Int {
    var best: (place: Int, likeness: Double)?
    for (place, cluster) in clusters.enumerated() where cluster.count > 1 {
      let values = cluster.map { likeness($0, cluster, similarity) }
      let found = Statistics.Median.of(values) ?? 0
      if best.map({ found < $0.likeness }) ?? true { best = (place, found) }
    }
    return best?.place ?? 0
  }
}
