public import Components
import Determinism
public import Federation
import Kernels
import Statistics
import Tensors

/// The average of the rows that lie least far out by three metrics at once.
///
/// Each row has three features, which are sums over the other rows. `pairs` takes what tells two
/// updates apart: their Manhattan distance, the difference of their lengths and the square of
/// 1 − cosine; the cosine with a zero row is 0. `origin` takes the differences of what tells each
/// local model from the global one: the Manhattan and the Euclidean norm of the update, and the
/// cosine of the two models, which is 0 where either is zero and where no global model is known. The
/// score is the length of the features, not centered, after whitening by their covariance over the
/// rows. The rows of the lowest scores are kept, ties to the lowest row.
///
/// *Weakness*: a score that is not centered is small where large features go together as they do over
/// all rows. By `pairs` a group of obvious outliers, rows five times as long among them, is kept about
/// as often as other rows; `origin` rejects these.
///
/// *Singular covariance*, which the paper leaves open: its pseudo-inverse is used, so that what does
/// not vary does not count. Up to three rows it always is singular; equal rows and any two rows have
/// the score 0. `rank` is the number of directions that counted, 3 if all did.
///
/// floor(`keep` · n) rows are kept, at least one; of the rows that arrive, if they are fewer than
/// announced. Row weights are ignored. A rejection says that the row was farther out than others,
/// not that it is malicious. Suspicion is the score, which has no unit.
///
/// - Complexity: O(n² d) for `pairs`, O(n d + n²) for `origin`.
/// - Note: Huang, Li, Chen, Shi, Gao, ICCV 2023.
public struct MultiMetrics: Aggregator {
  public static let manifest = ComponentManifest(
    id: "multi-metrics",
    summary: "The average of the updates that lie least far out by three metrics at once.",
    formula: """
      x_i = sums over j ≠ i of (‖u_i − u_j‖₁, |‖u_i‖ − ‖u_j‖|, (1 − cos(u_i, u_j))²); score(i) = \
      √(x_i′ Σ⁻¹ x_i) with the covariance Σ of x; the result is the unweighted average of the \
      floor(`keep` n) rows of lowest score, at least one; `origin`: of |‖u_i‖₁ − ‖u_j‖₁|, \
      |‖u_i‖ − ‖u_j‖|, |cos(w, w + u_i) − cos(w, w + u_j)|
      """,
    citations: [
      Citation(
        ["Huang", "Li", "Chen", "Shi", "Gao"],
        "Multi-metrics adaptively identifies backdoors in federated learning", "ICCV", 2023,
        arXiv: "2303.06601")
    ],
    origin: """
      The authors' code has the features of `pairs`, of whole models where these are of updates; the \
      paper has those of `origin`. The pseudo-inverse of a singular covariance is ours.
      """,
    parameters: [
      ParameterSpec(
        "keep", .real(.leastNonzeroMagnitude...1), default: .real(0.3),
        help: "share of the rows to average"),
      ParameterSpec(
        "features", .choice(["pairs", "origin"]), default: .text("pairs"),
        help: "whether updates are compared in pairs, or each with the global model first"),
    ])

  public static let laws: RuleLaws = [.scale, .equalRows, .singleRow, .order, .range]
  public static let reports = ["rank"]

  private let share: DecimalShare
  private let isOfPairs: Bool

  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    24 * Double(rowCount) * Double(rowCount) + 16 * Double(columnCount)
  }

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    share = DecimalShare(arguments.real("keep"))
    isOfPairs = arguments.word("features") == "pairs"
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let features =
      isOfPairs
      ? Self.pairFeatures(updates.values, pool: round.pool)
      : Self.originFeatures(updates.values, global: round.global, pool: round.pool)
    let lengths = WhitenedLengths(features, rowCount: updates.rowCount)
    let best = KrumScores.ranking(lengths.values).prefix(max(share.count(of: updates.rowCount), 1))
    var result = Aggregation(
      averaging: best, of: updates.values, scores: lengths.values, pool: round.pool)
    result.report["rank"] = .number(Double(lengths.rank))
    return result
  }

  private static func pairFeatures(
    _ values: Matrix<Float>, pool: WorkPool
  ) -> [WhitenedLengths.Feature] {
    let n = values.rowCount
    let manhattan = values.manhattanDistances(pool: pool)
    let norms = values.norms(pool: pool)
    let similarity = Similarities(of: values, pool: pool)
    let longest = norms.reduce(0, max)
    return [
      sums(n, floor: 0) { manhattan[$0 * n + $1] },
      sums(n, floor: 1e-12 * longest * Double(n)) { abs(norms[$0] - norms[$1]) },
      sums(n, floor: 1e-20) {
        let distance = norms[$0] > 0 && norms[$1] > 0 ? similarity.distance($0, $1) : 1
        return distance * distance
      },
    ]
  }

  private static func originFeatures(
    _ values: Matrix<Float>, global: [Float], pool: WorkPool
  ) -> [WhitenedLengths.Feature] {
    let n = values.rowCount
    let manhattan = values.manhattanNorms(pool: pool)
    let norms = values.norms(pool: pool)
    var angles = [Double](repeating: 1, count: n)
    // What rounding leaves of the angle of a row along the global model.
    var rounding = 0.0
    if global.count == values.columnCount {
      let length = Float.squaredNorm(global.span)
      let products = values.products(with: global, pool: pool)
      angles = (0..<n).map { distance(length, products[$0], norms[$0] * norms[$0]) }
      let longest = norms.reduce(0, max)
      rounding = length > 0 ? min(1, longest * longest / length) : 0
    }
    return [
      sums(n, floor: 1e-12 * manhattan.reduce(0, max) * Double(n)) {
        abs(manhattan[$0] - manhattan[$1])
      },
      sums(n, floor: 1e-12 * norms.reduce(0, max) * Double(n)) { abs(norms[$0] - norms[$1]) },
      sums(n, floor: 1e-12 * rounding * Double(n)) { abs(angles[$0] - angles[$1]) },
    ]
  }

  /// 1 − cos(w, w + u), given ⟨w, w⟩, ⟨w, u⟩ and ⟨u, u⟩; by the sine where they are close.
  private static func distance(_ ww: Double, _ wu: Double, _ uu: Double) -> Double {
    let length = (ww * (ww + 2 * wu + uu)).squareRoot()
    guard length > 0 else { return 1 }
    let cosine = max(-1, min(1, (ww + wu) / length))
    guard cosine > 0 else { return 1 - cosine }
    return max(0, ww * uu - wu * wu) / length / length / (1 + cosine)
  }

  private static func sums(
    _ n: Int, floor: Double, _ term: (Int, Int) -> Double
  ) -> WhitenedLengths.Feature {
    let values = (0..<n).map { row in
      (0..<n).reduce(0) { $1 == row ? $0 : $0 + term(row, $1) }
    }
    return WhitenedLengths.Feature(values: values, floor: floor)
  }
}
