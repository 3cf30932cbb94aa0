public import Components
import Determinism
public import Federation
import Statistics
import Tensors

/// The average of the rows of usual length and usual signs, each shortened to the median length.
///
/// Two filters work side by side. A row passes the first if its norm is within `lower` and `upper`
/// times the median norm M of the round. For the second, the shares of positive, zero and negative
/// values in some random coordinates are clustered, and the rows of the largest cluster pass, of
/// equally large ones that of the lowest row. Shortening comes last, so that the upper bound counts.
///
/// *Empty selection*, which the paper leaves open: where no row passes both, the update is zero.
/// Mean shift takes as bandwidth the mean distance to the floor(n / 2)-th nearest row, itself
/// included; `k-means` makes two clusters, so that somebody is left out wherever two rows differ. Row
/// weights are ignored.
///
/// A row that fails is rejected, one that is shortened downweighted; its weight is its equal share
/// times the factor. Suspicion is the distance of its shares from the average ones of the largest
/// cluster, at most √2, plus 2 where the first filter rejects it.
///
/// - Complexity: O(n d) and O(n²) per step of the clustering.
/// - Note: Xu, Huang, Song, Lan, ICDCS 2022, algorithm 2, without a similarity among the features.
public struct SignGuard: Aggregator {
  public static let manifest = ComponentManifest(
    id: "sign-guard",
    summary: "The average of the updates of usual length and usual signs.",
    formula: """
      M = the median norm; S1 = the rows with lower M <= ‖x_i‖ <= upper M; S2 = the largest cluster \
      of (share of positive, zero, negative values in random coordinates); the result is the average \
      of x_i · min(1, M / ‖x_i‖) over S1 ∩ S2, the zero update if that is empty
      """,
    citations: [
      Citation(
        ["Xu", "Huang", "Song", "Lan"],
        "Byzantine-robust federated learning through collaborative malicious gradient filtering",
        "ICDCS", 2022, arXiv: "2109.05872")
    ], origin: "The authors' code has the bandwidth, by a quantile of 0.5.",
    parameters: [
      ParameterSpec(
        "lower", .real(0...1), default: .real(0.1),
        help: "least norm of a row, in median norms"),
      ParameterSpec(
        "upper", .real(1 ... .greatestFiniteMagnitude), default: .real(3),
        help: "largest norm of a row, in median norms"),
      ParameterSpec(
        "fraction", .real(.leastNonzeroMagnitude...1), default: .real(0.1),
        help: "share of the coordinates whose signs are looked at; at least one is"),
      ParameterSpec(
        "cluster", .choice(["mean-shift", "k-means"]), default: .text("mean-shift"),
        help: "how the rows are clustered by their signs"),
    ])

  public static let traits: DefenseTraits = [.declaresMalicious]
  // Not order: clusters of the same size are common.
  public static let laws: RuleLaws = [.scale, .equalRows, .singleRow]
  public static let reports = ["accepted", "bound", "clusters"]

  private let lower: Double
  private let upper: Double
  private let fraction: DecimalShare
  private let isKMeans: Bool

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    lower = arguments.real("lower")
    upper = arguments.real("upper")
    fraction = DecimalShare(arguments.real("fraction"))
    isKMeans = arguments.word("cluster") == "k-means"
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    var random = round.seed.stream()
    let signs = signShares(updates.values, pool: round.pool, random: &random)
    let labels =
      isKMeans
      ? KMeans(signs, count: 2, random: &random).labels
      : MeanShift(signs, bandwidth: MeanShift.bandwidth(of: signs, quantile: 0.5)).labels
    let largest = LargestCluster(labels)
    let center = signs[0].indices.map { feature in
      Moments.mean(largest.members.map { signs[$0][feature] }) ?? 0
    }
    let norms = updates.values.norms(pool: round.pool)
    // Every round has a row.
    let bound = Statistics.Median.of(norms) ?? 0
    let isUsual = norms.map { $0 >= lower * bound && $0 <= upper * bound }
    let accepted = largest.members.filter { isUsual[$0] }
    var weights = [Double](repeating: 0, count: norms.count)
    for row in accepted {
      weights[row] = clippingFactor(norm: norms[row], bound: bound) / Double(accepted.count)
    }
    let passes = Set(accepted)
    let verdicts = norms.indices.map { row in
      let distance = zip(signs[row], center).reduce(0) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      }.squareRoot()
      return Verdict(
        !passes.contains(row) ? .rejected : norms[row] > bound ? .downweighted : .accepted,
        weight: weights[row], suspicion: isUsual[row] ? distance : 2 + distance)
    }
    return Aggregation(
      update: updates.values.combination(weights, pool: round.pool), verdicts: verdicts,
      report: [
        "accepted": .number(Double(accepted.count)), "bound": .number(bound),
        "clusters": .number(Double(largest.clusterCount)),
      ])
  }

  /// The shares of positive, zero and negative values of each row in random coordinates.
  private func signShares(
    _ values: borrowing Matrix<Float>, pool: WorkPool, random: inout RandomStream
  ) -> [[Double]] {
    let d = values.columnCount
    guard d > 0 else { return .init(repeating: [0, 0, 0], count: values.rowCount) }
    let columns = random.sample(max(fraction.count(of: d), 1), of: d).sorted()
    let values = copy values
    return pool.map(values.rowCount) { row in
      values.withRow(row) { row in
        var (positive, negative) = (0, 0)
        for column in columns {
          if row[column] > 0 { positive += 1 } else if row[column] < 0 { negative += 1 }
        }
        let zero = columns.count - positive - negative
        return [positive, zero, negative].map { Double($0) / Double(columns.count) }
      }
    }
  }
}
