public import Components
import Determinism
public import Federation
import Statistics
import Tensors
import Training

/// The average of the clusters of updates of which few look as if trained on few classes, each
/// shortened to the median length.
///
/// Three views of the output layer are clustered by HDBSCAN, without a single cluster: the shares of
/// the classes in the squared energies (NEUPs), by Euclidean distance; what the models make of random
/// inputs beside the global model (DDifs), for each set of inputs; and the changes of the biases, by
/// 1 − cosine, where a cosine with zeros is 0. Two rows are 0 apart in a view where they share a
/// cluster and 1 elsewhere, noise included; HDBSCAN of the mean over the views, that of the DDifs
/// being their mean over the sets, gives the final clusters.
///
/// A row is suspicious if its number of classes above a threshold (threshold exceedings) is at most
/// half the median of all. A cluster is accepted if fewer than a third of it are suspicious. A row
/// outside all clusters is a cluster of its own by default; code that is widely used either does the
/// same, or rejects all of them, or takes them for one more cluster.
///
/// *Edge cases*: a row that does not change the output layer has no exceedings and is suspicious.
/// Where nobody is accepted the update is zero. The bound is the median length of all rows. Row
/// weights are ignored. Inputs are drawn from the rule's stream, anew in every round.
///
/// A shortened row is downweighted; its weight is its equal share times the factor. Suspicion is the
/// share of suspicious rows in its cluster, in 0...1; it is rejected from a third on.
///
/// - Complexity: O(n d), O(n² C), and (n + 1) passes of all random inputs through the model, which is
///   most of the time by far.
/// - Note: Rieger, Nguyen, Miettinen, Sadeghi, NDSS 2022, sections IV and V.
public struct DeepSight: Aggregator {
  public static let manifest = ComponentManifest(
    id: "deepsight",
    summary: "The clusters by output layer of which few rows look trained on few classes, clipped.",
    formula: """
      e_c = |Δb_c| + Σ_h |ΔW_hc|; NEUP_c = e_c² / Σ e²; TE = #{c: NEUP_c > max(0.01, 1/C) max NEUP}; \
      suspicious: TE <= median(TE) / 2; DDif_c = the mean over random inputs of p_c / p_c of the global \
      model; HDBSCAN of NEUP, of each DDif and of cos Δb, then of the mean co-membership distance; \
      clusters with a suspicious share below 1/3 are accepted; S = the median of all ‖x_i‖; the result \
      is the average of x_i · min(1, S / ‖x_i‖) over them, the zero update if there is none
      """,
    citations: [
      Citation(
        ["Rieger", "Nguyen", "Miettinen", "Sadeghi"],
        "DeepSight: mitigating backdoor attacks in federated learning through deep model inspection",
        "NDSS", 2022, arXiv: "2201.00763")
    ],
    origin: """
      Cluster size and neighbors are the defaults of the package hdbscan, which most code leaves. That \
      rows outside all clusters stand for themselves is ours.
      """,
    parameters: [
      ParameterSpec(
        "samples", .integer(1...10_000_000), default: .integer(20_000),
        help: "number of random inputs of each set"),
      ParameterSpec(
        "sets", .integer(1...1000), default: .integer(3), help: "number of sets of random inputs"),
      ParameterSpec(
        "cluster-size", .integer(2...1_000_000), default: .integer(5),
        help: "least number of rows of a cluster"),
      ParameterSpec(
        "neighbours", .integer(1...1_000_000), default: .integer(5),
        help: "which nearest other row gives the core distance of HDBSCAN"),
      ParameterSpec(
        "final", .choice(["several", "single"]), default: .text("several"),
        help: "whether a single final cluster counts, as `single` has it, or is noise"),
      ParameterSpec(
        "noise", .choice(["alone", "reject"]), default: .text("alone"),
        help: "whether a row outside all clusters is one of its own, or is rejected"),
    ])

  public static let needs: DefenseNeeds = [.model]
  public static let traits: DefenseTraits = [.declaresMalicious]
  public static let laws: RuleLaws = [.order]
  public static let reports = ["accepted", "bound", "clusters", "suspicious"]

  private let setup: DefenseSetup
  private let inputCount: Int
  private let setCount: Int
  private let clusterSize: Int
  private let neighbors: Int
  private let isSingle: Bool
  private let rejectsNoise: Bool

  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    32 * Double(columnCount) + 64 * Double(rowCount) * Double(rowCount)
  }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    self.setup = setup
    inputCount = arguments.integer("samples")
    setCount = arguments.integer("sets")
    clusterSize = arguments.integer("cluster-size")
    neighbors = arguments.integer("neighbours")
    isSingle = arguments.word("final") == "single"
    rejectsNoise = arguments.word("noise") == "reject"
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let d = updates.columnCount
    guard let model = setup.model, model.layout.count == d, round.global.count == d else {
      throw .failed(
        component: Self.manifest.id, reason: "needs the model of the updates; there is none here")
    }
    let changes = OutputLayerChanges(
      of: updates.values, layout: model.layout, classCount: model.classCount)
    let differences = DivisionDifferences(
      of: updates.values, from: round.global, model: model, inputCount: inputCount,
      setCount: setCount, seed: round.seed, pool: round.pool)
    let labels = finalLabels(changes, differences.values)
    // Every round has a row.
    let usual = Statistics.Median.of(changes.exceedings.map { Double($0) }) ?? 0
    let isSuspicious = changes.exceedings.map { Double($0) <= usual / 2 }
    let norms = updates.values.norms(pool: round.pool)
    let bound = Statistics.Median.of(norms) ?? 0
    let suspicions = labels.indices.map { row in
      if labels[row] < 0 { return rejectsNoise || isSuspicious[row] ? 1.0 : 0 }
      let members = labels.indices.filter { labels[$0] == labels[row] }
      return Double(members.count { isSuspicious[$0] }) / Double(members.count)
    }
    let accepted = labels.indices.filter { suspicions[$0] < 1.0 / 3 }
    var weights = [Double](repeating: 0, count: labels.count)
    for row in accepted {
      weights[row] = clippingFactor(norm: norms[row], bound: bound) / Double(accepted.count)
    }
    let verdicts = labels.indices.map { row in
      Verdict(
        suspicions[row] >= 1.0 / 3 ? .rejected : norms[row] > bound ? .downweighted : .accepted,
        weight: weights[row], suspicion: suspicions[row])
    }
    return Aggregation(
      update: updates.values.combination(weights, pool: round.pool), verdicts: verdicts,
      report: [
        "accepted": .number(Double(accepted.count)), "bound": .number(bound),
        "clusters": .number(Double((labels.max() ?? -1) + 1)),
        "suspicious": .number(Double(isSuspicious.count { $0 })),
      ])
  }

  private func finalLabels(
    _ changes: OutputLayerChanges, _ differences: [[[Double]]]
  ) -> [Int] {
    let n = changes.exceedings.count
    // Whole numbers of sets, so that equal distances are equal.
    var apart = [Int](repeating: 0, count: n * n)
    func add(_ weight: Int, _ distances: [Double]) {
      let labels = cluster(distances, n, isSingle: false)
      for i in 0..<n {
        for j in 0..<n where i != j && (labels[i] < 0 || labels[i] != labels[j]) {
          apart[i * n + j] += weight
        }
      }
    }
    add(setCount, Self.distances(changes.energyShares))
    add(setCount, Self.cosineDistances(changes.biases))
    for set in differences { add(1, Self.distances(set)) }
    return cluster(apart.map { Double($0) / Double(3 * setCount) }, n, isSingle: isSingle)
  }

  private func cluster(_ distances: [Double], _ n: Int, isSingle: Bool) -> [Int] {
    HDBSCAN(
      distances, pointCount: n, minimumClusterSize: clusterSize, minimumSamples: neighbors,
      allowsSingleCluster: isSingle
    ).labels
  }

  private static func distances(_ points: [[Double]]) -> [Double] {
    points.flatMap { a in
      points.map { b in
        zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      }
    }
  }

  private static func cosineDistances(_ points: [[Double]]) -> [Double] {
    let norms = points.map { point in point.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let directions = zip(points, norms).map { point, norm in
      point.map { norm > 0 ? $0 / norm : 0 }
    }
    return directions.indices.flatMap { i in
      directions.indices.map { j in
        if i == j { return 0.0 }
        guard norms[i] > 0, norms[j] > 0 else { return 1 }
        // Half the squared distance of the directions keeps the digits.
        return zip(directions[i], directions[j]).reduce(0) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        } / 2
      }
    }
  }
}
