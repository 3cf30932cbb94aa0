public import Components
import Determinism
public import Federation
import Kernels
import Statistics
import Tensors

/// The average of the largest cluster by the low frequencies of the local models.
///
/// The models w + x_i, w being the round's global model, are transformed tensor by tensor with the
/// orthonormal cosine transform, in both dimensions of a matrix. The coefficients at (u, v) of an R × C
/// matrix with u / R + v / C <= `low` are kept; on a bare matrix a row is one vector, and its first ones
/// are. The models are clustered by HDBSCAN on 1 − cosine of these, with one neighbor and a single
/// cluster allowed, and the largest cluster is averaged, of equally large ones that of the lowest row.
/// A cosine with zeros is 0; as w is common to all, 1 − cosine is computed from the differences.
///
/// There always is a cluster, see ``FLAME``, so never is nobody accepted; one row always is. Rows and
/// models are scaled by a power of two before, so that no coefficient leaves the range of numbers, and
/// coefficients are rounded to single precision. Row weights are ignored. A rejected row lies outside
/// the cluster. Suspicion is the mean of 1 − cosine to the other accepted rows, in 0...2.
///
/// - Complexity: O(n d log d + n² (low² d + log n)), with a matrix of the coefficients: half as large
///   for vectors, an eighth for matrices by default.
/// - Note: Fereidooni, Pegoraro, Rieger, Dmitrienko, Sadeghi, NDSS 2024, algorithm 1.
public struct FreqFed: Aggregator {
  public static let manifest = ComponentManifest(
    id: "freqfed",
    summary: "The average of the largest cluster by the low frequencies of the local models.",
    formula: """
      F_i = the coefficients of DCT-II(w + x_i) with u / R + v / C <= low, tensor by tensor; HDBSCAN on \
      1 − cos(F_i, F_j), with min_samples = 1, a single cluster allowed; the result is the average of \
      x_i over the largest cluster
      """,
    citations: [
      Citation(
        ["Fereidooni", "Pegoraro", "Rieger", "Dmitrienko", "Sadeghi"],
        "FreqFed: a frequency analysis-based approach for mitigating poisoning attacks in federated "
          + "learning", "NDSS", 2024, arXiv: "2312.04432")
    ],
    origin: """
      The triangle of low frequencies is taken in shares, so that tensors that are not square have one; \
      common code transforms the output layer alone, as one vector. The cluster size of more than half \
      of the rows is that of common code.
      """,
    parameters: [
      ParameterSpec(
        "low", .real(0...1), default: .real(0.5),
        help: "what part of the frequencies counts as low"),
      ParameterSpec(
        "cluster-size", .integer(2...1_000_000, orWords: ["majority"]), default: .text("majority"),
        help: "least number of rows of a cluster, by default floor(n / 2) + 1"),
      ParameterSpec(
        "of", .choice(["models", "updates"]), default: .text("models"),
        help: "whether local models are transformed or updates"),
    ])

  public static let traits: DefenseTraits = [.declaresMalicious]
  // Not scale: the global model does not scale with the updates.
  public static let laws: RuleLaws = [.equalRows, .singleRow, .order, .range]
  public static let reports = ["accepted", "clusters"]

  private let low: DecimalShare
  /// `nil`: more than half of the rows.
  private let clusterSize: Int?
  private let isOfModels: Bool
  private let layout: ParameterLayout

  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    4 * Double(rowCount) * Double(columnCount) + 200 * Double(columnCount)
      + 40 * Double(rowCount) * Double(rowCount)
  }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    low = DecimalShare(arguments.real("low"))
    clusterSize = arguments.wholeNumber("cluster-size")
    isOfModels = arguments.word("of") == "models"
    layout = setup.layout
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = updates.rowCount
    let similarity = similarities(updates.values, round)
    let distances = (0..<n * n).map { similarity.distance($0 / n, $0 % n) }
    let labels = HDBSCAN(
      distances, pointCount: n, minimumClusterSize: clusterSize ?? max(2, n / 2 + 1),
      minimumSamples: 1, allowsSingleCluster: true
    ).labels
    let clustered = labels.indices.filter { labels[$0] >= 0 }
    let largest = LargestCluster(clustered.map { labels[$0] })
    let members = largest.members.map { clustered[$0] }
    let shares = updates.values.shares(ofRows: members)
    return Aggregation(
      update: updates.values.mean(weights: shares, pool: round.pool),
      verdicts: (0..<n).map { row in
        let others = members.filter { $0 != row }
        return Verdict(
          shares[row] > 0 ? .accepted : .rejected, weight: shares[row],
          suspicion: Moments.mean(others.map { distances[row * n + $0] }) ?? 0)
      },
      report: [
        "accepted": .number(Double(members.count)),
        "clusters": .number(Double(largest.clusterCount)),
      ])
  }

  /// The cosines of the low frequencies.
  private func similarities(_ values: Matrix<Float>, _ round: RoundContext) -> Similarities {
    let frequencies = LowFrequencies(layout, columnCount: values.columnCount, share: low)
    let hasModel = isOfModels && round.global.count == values.columnCount
    var longest = values.norms(pool: round.pool).reduce(0, max)
    if hasModel { longest = max(longest, Float.squaredNorm(round.global.span).squareRoot()) }
    // Far from both ends of the numbers, even when squared.
    let factor = longest > 0 ? Self.powerOfTwo(30 - Int(longest.exponent)) : 1
    var spectra = Matrix<Float>(rowCount: values.rowCount, columnCount: frequencies.count)
    spectra.forEachRow(pool: round.pool) { _, row, target in
      let found = values.withRow(row) { frequencies.coefficients(of: $0, times: factor) }
      Memory.copy(found.span, into: &target)
    }
    let origin =
      hasModel ? frequencies.coefficients(of: round.global.span, times: factor) : []
    return Similarities(of: spectra, from: origin, pool: round.pool)
  }

  private static func powerOfTwo(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
