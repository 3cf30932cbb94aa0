public import Components
import Determinism
public import Federation
import Kernels
import Statistics
import Tensors

/// Layer by layer the average of the rows of usual length and usual signs, each shortened to the median
/// length.
///
/// First each row is shortened to the median norm. To look at it, the share `sparsity` of its
/// coordinates is left out, those of smallest magnitude in the whole row, of equal ones those of higher
/// index. In each layer a row is described by the norm of what is kept and by its purity, the share
/// of positive values among those that are not 0; a row passes where both are within their bounds of the
/// medians, in population standard deviations. Where a deviation is 0, what equals the median passes.
/// What passes is averaged in full, without leaving anything out.
///
/// A layer is a tensor of the model, weights and biases apart; a bare matrix is one layer. Without a
/// value the purity is 1/2. *Empty selection*: all rows pass, layer by layer. Row weights are ignored.
///
/// *Deviations* from the authors' code: it leaves the rows' values out of the average too, because the
/// rows to average share their storage with those to look at, which `average: sparsified` repeats;
/// it keeps one value fewer, leaves nothing out of biases, clips to the lower of two middle norms, and
/// is NaN where a deviation is 0 or a row is zero. A score equal to the bound passes here.
///
/// A row that passes in no layer is rejected; one that is shortened or fails in a layer is downweighted.
/// Its weight is the mean over coordinates of its share, suspicion that of the larger of its two scores,
/// each at most 10⁹.
///
/// - Complexity: O(n d), without a copy of the matrix unless `average: sparsified`; 512 KiB for each
///   thread.
/// - Note: Xu, Zhang, Hu, WACV 2025.
public struct LASA: Aggregator {
  public static let manifest = ComponentManifest(
    id: "lasa",
    summary: "The average of the updates of usual length and signs, layer by layer.",
    formula: """
      y_i = x_i · min(1, M / ‖x_i‖), M = the median norm; s_i = y_i without its smallest values; in \
      layer l: a_i = ‖s_i‖, ρ_i = (1 + Σ sign(s_i) / Σ |sign(s_i)|) / 2, z(v_i) = |v_i − median(v)| / \
      σ(v), S = the rows with z(a_i) <= λ_n and z(ρ_i) <= λ_s, all rows if there is none; the result \
      is the average of y_i over S
      """,
    citations: [
      Citation(
        ["Xu", "Zhang", "Hu"],
        "Achieving Byzantine-resilient federated learning via layer-adaptive sparsified model "
          + "aggregation", "WACV", 2025, arXiv: "2409.01435")
    ],
    origin: """
      Shortening first and all rows where none passes are the authors' code, which averages the \
      sparsified rows although it keeps the others for that.
      """,
    parameters: [
      ParameterSpec(
        "sparsity", .real(0...1), default: .real(0.3),
        help: "share of a row's coordinates, the smallest, that is not looked at; one at least is"),
      ParameterSpec(
        "norm-bound", .real(0 ... .greatestFiniteMagnitude), default: .real(1),
        help: "largest score of the norm, in deviations"),
      ParameterSpec(
        "sign-bound", .real(0 ... .greatestFiniteMagnitude), default: .real(1),
        help: "largest score of the share of positive values, in deviations"),
      ParameterSpec(
        "average", .choice(["full", "sparsified"]), default: .text("full"),
        help: "what is averaged: the rows in full, or without what is not looked at"),
    ])

  public static let traits: DefenseTraits = [.declaresMalicious]
  public static let laws: RuleLaws = [.scale, .equalRows, .singleRow, .order]
  public static let reports = ["accepted", "bound"]

  private let sparsity: DecimalShare
  private let normBound: Double
  private let signBound: Double
  private let isSparsified: Bool
  private let segments: [Range<Int>]

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    sparsity = DecimalShare(arguments.real("sparsity"))
    normBound = arguments.real("norm-bound")
    signBound = arguments.real("sign-bound")
    isSparsified = arguments.word("average") == "sparsified"
    segments = setup.layout.segments.map(\.range)
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let (n, d) = (updates.rowCount, updates.columnCount)
    let layers = segments.last?.upperBound == d ? segments : [0..<d]
    let norms = updates.values.norms(pool: round.pool)
    // Every round has a row.
    let bound = Statistics.Median.of(norms) ?? 0
    let factors = norms.map { clippingFactor(norm: $0, bound: bound) }
    let count = max(1, d - sparsity.count(of: d, rounded: .up))
    let found = features(updates.values, layers: layers, count: count, pool: round.pool)
    var weights: [[Double]] = []
    var suspicion = [Double](repeating: 0, count: n)
    var (share, layerCount) = (suspicion, [Int](repeating: 0, count: n))
    for (index, layer) in layers.enumerated() {
      let lengths = medianScores((0..<n).map { factors[$0] * found[$0][index].length })
      // A row that is shortened to nothing has no signs.
      let purities = medianScores(
        (0..<n).map { factors[$0] > 0 ? found[$0][index].purity : 0.5 })
      let passing = (0..<n).filter {
        isWithin(lengths[$0], normBound) && isWithin(purities[$0], signBound)
      }
      let accepted = passing.isEmpty ? Array(0..<n) : passing
      var own = [Double](repeating: 0, count: n)
      for row in accepted {
        own[row] = factors[row] / Double(accepted.count)
        layerCount[row] += 1
      }
      weights.append(own)
      let part = d > 0 ? Double(layer.count) / Double(d) : 1
      for row in 0..<n {
        suspicion[row] += part * max(lengths[row], purities[row])
        share[row] += part * own[row]
      }
    }
    let total = layerCount.reduce(0, +)
    return Aggregation(
      update: averaged(updates.values, count: count, pool: round.pool)
        .combination(layers, weights: weights, pool: round.pool),
      verdicts: (0..<n).map { row in
        let isWhole = layerCount[row] == layers.count && norms[row] <= bound
        return Verdict(
          layerCount[row] == 0 ? .rejected : isWhole ? .accepted : .downweighted,
          weight: share[row], suspicion: suspicion[row])
      },
      report: [
        "accepted": .number(Double(total) / Double(layers.count)), "bound": .number(bound),
      ])
  }

  /// The rows to average.
  private func averaged(_ values: Matrix<Float>, count: Int, pool: WorkPool) -> Matrix<Float> {
    guard isSparsified, count < values.columnCount else { return values }
    var sparse = values
    sparse.forEachRow(pool: pool) { _, _, row in keepLargest(count, of: &row) }
    return sparse
  }

  /// What describes a row in one layer.
  private struct Feature: Sendable {
    /// The norm of what is looked at.
    var length: Double
    /// The share of positive values among those that are not 0; 1/2 without any.
    var purity: Double
  }

  /// For each row its features layer by layer, from its `count` largest values.
  private func features(
    _ values: Matrix<Float>, layers: [Range<Int>], count: Int, pool: WorkPool
  ) -> [[Feature]] {
    guard values.columnCount > 0 else {
      return .init(repeating: [Feature(length: 0, purity: 0.5)], count: values.rowCount)
    }
    return pool.map(values.rowCount) { row in
      values.withRow(row) { row in
        var largest = LargestMagnitudes(count, of: row)
        return layers.map { layer in
          var (square, positive, negative) = (0.0, 0, 0)
          for column in layer where largest.takes(row[column]) {
            let value = row[column]
            square = square.addingProduct(Double(value), Double(value))
            if value > 0 { positive += 1 } else if value < 0 { negative += 1 }
          }
          let signs = positive + negative
          return Feature(
            length: square.squareRoot(),
            purity: signs > 0 ? Double(positive) / Double(signs) : 0.5)
        }
      }
    }
  }
}
