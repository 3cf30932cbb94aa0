public import Components
import Determinism
public import Federation
import Statistics
import Tensors

/// The average of the majority cluster by the direction of the local models, each update shortened to
/// the median length, with noise.
///
/// The models w + x_i, w being the round's global model, are clustered by HDBSCAN on 1 − cosine with
/// clusters of more than half of the rows, one neighbor, and a single cluster allowed; on a bare
/// matrix the rows are. A cosine with a zero model is 0. As w is common to all, the models point
/// almost the same way late in training, and 1 − cosine is computed from the differences.
///
/// There is always one cluster: that of all rows loses those that are linked at the longest distance
/// first, and what is left once it would have half of them or fewer is accepted. So never is nobody
/// accepted, one row or two always are, and all are whose distances are equal. With noise a single
/// row is not its own aggregate.
///
/// The bound S is the median length of *all* rows. Each coordinate gets one draw of the rule's stream,
/// in order, of deviation `sigma` times S; 0 adds nothing. Row weights are ignored.
///
/// A row outside the cluster is rejected, a shortened one downweighted; its weight is its equal share
/// times the factor. Suspicion is the mean of 1 − cosine to the other accepted rows, in 0...2.
///
/// - Complexity: O(n² (d + log n)), without a second matrix.
/// - Note: Nguyen et al., USENIX Security 2022, algorithm 1; their λ is `sigma`.
public struct FLAME: Aggregator {
  public static let manifest = ComponentManifest(
    id: "flame",
    summary: "The majority cluster by the models' direction, clipped, averaged, with noise.",
    formula: """
      HDBSCAN of the models w + x_i on 1 − cos, with min_cluster_size = floor(n / 2) + 1, \
      min_samples = 1, a single cluster allowed; S = the median of all ‖x_i‖; the result is the \
      average of x_i · min(1, S / ‖x_i‖) over the cluster + N(0, (sigma S)²) per coordinate
      """,
    citations: [
      Citation(
        [
          "Nguyen", "Rieger", "Chen", "Yalame", "Möllering", "Fereidooni", "Marchal", "Miettinen",
          "Mirhoseini", "Zeitouni", "Koushanfar", "Sadeghi", "Schneider",
        ],
        "FLAME: taming backdoors in federated learning", "USENIX Security", 2022,
        arXiv: "2101.02281")
    ],
    origin: """
      The default of sigma is the paper's for images. Common code clusters the rows of the table of \
      distances instead of the models, or takes the median of the accepted lengths alone.
      """,
    parameters: [
      ParameterSpec(
        "sigma", .real(0 ... .greatestFiniteMagnitude), default: .real(0.001),
        help: "standard deviation of the noise on each coordinate, in median norms")
    ])

  public static let traits: DefenseTraits = [.declaresMalicious]
  // Not scale: the global model does not scale with the updates. Not equal rows: there is noise.
  public static let laws: RuleLaws = [.order]
  public static let reports = ["accepted", "bound"]

  private let sigma: Double

  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    32 * Double(columnCount) + 40 * Double(rowCount) * Double(rowCount)
  }

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    sigma = arguments.real("sigma")
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = updates.rowCount
    let similarity = Similarities(of: updates.values, from: round.global, pool: round.pool)
    let distances = (0..<n * n).map { similarity.distance($0 / n, $0 % n) }
    let labels = HDBSCAN(
      distances, pointCount: n, minimumClusterSize: max(2, n / 2 + 1), minimumSamples: 1,
      allowsSingleCluster: true
    ).labels
    let members = labels.indices.filter { labels[$0] == 0 }
    let norms = updates.values.norms(pool: round.pool)
    // Every round has a row.
    let bound = Statistics.Median.of(norms) ?? 0
    var weights = [Double](repeating: 0, count: n)
    for row in members {
      weights[row] = clippingFactor(norm: norms[row], bound: bound) / Double(members.count)
    }
    var update = updates.values.combination(weights, pool: round.pool)
    addNoise(to: &update, deviation: sigma * bound, random: round.seed.stream())
    let verdicts = (0..<n).map { row in
      let others = members.filter { $0 != row }
      return Verdict(
        labels[row] < 0 ? .rejected : norms[row] > bound ? .downweighted : .accepted,
        weight: weights[row],
        suspicion: Moments.mean(others.map { distances[row * n + $0] }) ?? 0)
    }
    return Aggregation(
      update: update, verdicts: verdicts,
      report: ["accepted": .number(Double(members.count)), "bound": .number(bound)])
  }

  /// Adds one normal draw to each value, kept within the finite numbers.
  private func addNoise(to values: inout [Float], deviation: Double, random: RandomStream) {
    guard deviation > 0 else { return }
    var random = random
    let largest = Double(Float.greatestFiniteMagnitude)
    for index in values.indices {
      let value = Double(values[index]) + deviation * random.normal()
      values[index] = Float(min(max(value, -largest), largest))
    }
  }
}
