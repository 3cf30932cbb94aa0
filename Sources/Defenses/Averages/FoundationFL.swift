public import Components
import Determinism
public import Federation
import Kernels
import Tensors

/// The median or the trimmed mean of the rows and of several copies of one of them, of that which
/// lies farthest from both extremes.
///
/// The extremes are the vectors of the largest and of the smallest value of each coordinate; a row's
/// score is its distance to the nearer one. Of equal scores the lowest row is copied. The trimmed
/// mean drops f values at each end of all n + m; the median does not use f. Without copies it is the
/// median or the trimmed mean of the rows. If fewer rows arrive than announced, f is at most
/// (n + m − 1)/2. Of two rows the first is copied, since they tie. Row weights are ignored.
///
/// It judges nobody: a verdict's weight is the share of the aggregate that comes from the row, with
/// equal values at the cut sharing equally; what comes from the copies comes from the row that they
/// copy. Suspicion is the score of the copied row less the own one.
///
/// - Complexity: O(d (n + m) log² (n + m)); 16 MiB of rows and copies for each thread at once.
/// - Note: Fang, Nabavirazavi, Liu, Sun, Iyengar, Yang, NDSS 2025.
public struct FoundationFL: Aggregator {
  public static let manifest = ComponentManifest(
    id: "foundation",
    summary: "The median or trimmed mean of the updates and of copies of the least extreme one.",
    formula: """
      u, l = the largest and the smallest value of each coordinate; s_i = min(‖x_i − u‖, ‖x_i − l‖); \
      m copies of the row of the largest s_i join the n rows; the result is the median or the \
      trimmed mean, without the f smallest and the f largest values, of all n + m; ties to the \
      lowest row
      """,
    preconditions: ["n >= 2f + 1 for the trimmed mean"],
    citations: [
      Citation(
        ["Fang", "Nabavirazavi", "Liu", "Sun", "Iyengar", "Yang"],
        "Do we really need to design new Byzantine-robust aggregation rules?", "NDSS", 2025,
        doi: "10.14722/ndss.2025.241796", arXiv: "2501.17381")
    ],
    origin: """
      Scores are as another library gives them, not checked against the text of the paper. Half as \
      many copies as rows unless given; that library copies twice.
      """,
    parameters: [
      ParameterSpec(
        "rule", .choice(["median", "trimmed-mean"]), default: .text("trimmed-mean"),
        help: "what combines rows and copies"),
      ParameterSpec(
        "copies", .integer(0...10_000, orWords: ["n/2"]), default: .text("n/2"),
        help: "number of copies, m; n/2 is rounded down"),
      ParameterSpec(
        "f", .integer(0...1_000_000), default: .plan(.declaredByzantine),
        help: "values that the trimmed mean drops at each end; the median does not use it"),
    ])

  public static let laws: RuleLaws = [
    .translation, .scale, .equalRows, .singleRow, .order, .range,
  ]
  public static let reports = ["copies", "trimmed"]

  /// `nil`: the median.
  private let f: Int?
  /// `nil`: half as many as rows.
  private let copyCount: Int?

  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    8 * Double(ColumnBlocks.valueCount) + 16 * Double(columnCount) + 64 * Double(rowCount)
  }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    copyCount = arguments.wholeNumber("copies")
    f = arguments.word("rule") == "median" ? nil : arguments.integer("f")
    if let f { try setup.requireMinority(f, component: Self.manifest.id) }
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = updates.rowCount
    let scores = Self.scores(of: updates.values, pool: round.pool)
    let best = scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
    let rows = Array(0..<n) + Array(repeating: best, count: copyCount ?? n / 2)
    let middle = (rows.count - 1) / 2
    let trim = min(f ?? middle, middle)
    let (update, shares) = Self.trimmedMean(
      of: updates.values, rows, trim: trim, pool: round.pool)
    return Aggregation(
      update: update,
      verdicts: scores.indices.map { row in
        Verdict(.notJudged, weight: shares[row], suspicion: scores[best] - scores[row])
      },
      report: [
        "copied": .rows([best]), "copies": .number(Double(rows.count - n)),
        "trimmed": .number(Double(trim)),
      ])
  }

  /// The distance of each row to the nearer extreme.
  private static func scores(of values: Matrix<Float>, pool: WorkPool) -> [Double] {
    let n = values.rowCount
    let blocks = ColumnBlocks.ranges(rowCount: n, columnCount: values.columnCount)
    let parts = pool.map(blocks.count) { index in
      let columns = blocks[index]
      var (high, low) = (values.row(0, columns), values.row(0, columns))
      for row in 1..<max(n, 1) {
        values.withRow(row) { row in
          let part = row.extracting(columns)
          for column in high.indices {
            high[column] = max(high[column], part[column])
            low[column] = min(low[column], part[column])
          }
        }
      }
      return (0..<n).map { row in
        values.withRow(row) { row in
          let part = row.extracting(columns)
          return SIMD2(
            Float.squaredDistance(part, high.span), Float.squaredDistance(part, low.span))
        }
      }
    }
    return (0..<n).map { row in
      parts.reduce(SIMD2<Double>.zero) { $0 + $1[row] }.min().squareRoot()
    }
  }

  /// The trimmed mean of some rows, each as often as it is named, and the share of each row in it.
  private static func trimmedMean(
    of values: Matrix<Float>, _ rows: [Int], trim: Int, pool: WorkPool
  ) -> (update: [Float], shares: [Double]) {
    let d = values.columnCount
    let blocks = ColumnBlocks.ranges(rowCount: rows.count, columnCount: d)
    let parts = pool.map(blocks.count) { index in
      values.block(ofRows: rows, columns: blocks[index])
        .trimmedMean(trim, pool: WorkPool(width: 1))
    }
    var shares = [Double](repeating: 0, count: values.rowCount)
    for (place, row) in rows.enumerated() {
      shares[row] +=
        d == 0
        ? 1 / Double(rows.count)
        : zip(blocks, parts).reduce(0) { $0 + $1.1.shares[place] * Double($1.0.count) } / Double(d)
    }
    return (parts.flatMap(\.update), shares)
  }
}

extension Matrix<Float> {
  /// Some columns of a row.
  fileprivate func row(_ row: Int, _ columns: Range<Int>) -> [Float] {
    withRow(row) { row in columns.map { row[$0] } }
  }
}
