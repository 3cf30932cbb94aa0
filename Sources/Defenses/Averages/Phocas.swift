public import Components
import Determinism
public import Federation
import Tensors

/// The average, in each coordinate, of the n − f values nearest to its trimmed mean.
///
/// The trimmed mean drops the f smallest and the f largest values and is not rounded to single
/// precision. Ties, which the paper leaves open: of two values equally far from it the lower one is
/// kept first. Row weights are ignored; f = 0 is the plain average. If fewer rows arrive than
/// announced, f is at most (n − 1)/2. It judges nobody: a verdict's weight is the share of the
/// aggregate that comes from the row, with equal values at the cut sharing equally.
///
/// - Complexity: O(d n log n).
/// - Note: Xie, Koyejo, Gupta, arXiv 2018, whose b is f.
public struct Phocas: Aggregator {
  public static let manifest = ComponentManifest(
    id: "phocas",
    summary: "The average of the values nearest to the trimmed mean of each coordinate.",
    formula: """
      per coordinate t = the average of the n values without the f smallest and the f largest; \
      average the n − f values nearest to t; of two equally near ones the lower one is kept first
      """,
    preconditions: ["n >= 2f + 1"],
    citations: [
      Citation(
        ["Xie", "Koyejo", "Gupta"],
        "Phocas: dimensional Byzantine-resilient stochastic gradient descent", "arXiv", 2018,
        arXiv: "1805.09682")
    ],
    parameters: [
      ParameterSpec(
        "f", .integer(0...1_000_000), default: .plan(.declaredByzantine),
        help: """
          declared number of Byzantine submissions: how many values to leave out, and how many at \
          each end of the trimmed mean
          """)
    ])

  public static let laws: RuleLaws = [
    .translation, .scale, .equalRows, .singleRow, .order, .range,
  ]

  private let f: Int

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    f = arguments.integer("f")
    try setup.requireMinority(f, component: Self.manifest.id)
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let (n, d) = (updates.rowCount, updates.columnCount)
    let f = min(f, (n - 1) / 2)
    let values = updates.values
    let blocks = ColumnBlocks.ranges(rowCount: n, columnCount: d)
    let parts = round.pool.map(blocks.count) { block in
      Self.averages(of: values, blocks[block], leavingOut: f)
    }
    let verdicts = (0..<n).map { row in
      let kept = parts.reduce(0) { $0 + $1.kept[row] }
      return Verdict(
        .notJudged, weight: d == 0 ? 1 / Double(n) : kept / Double(n - f) / Double(d))
    }
    return Aggregation(update: parts.flatMap(\.update), verdicts: verdicts)
  }

  /// The averages of some columns, and how many of the values kept in them each row has.
  private static func averages(
    of values: Matrix<Float>, _ columns: Range<Int>, leavingOut f: Int
  ) -> (update: [Float], kept: [Double]) {
    let (n, d) = (values.rowCount, values.columnCount)
    let span = values.span
    var update: [Float] = []
    update.reserveCapacity(columns.count)
    var kept = [Double](repeating: 0, count: n)
    var (column, sorted) = (kept, kept)
    for index in columns {
      for row in 0..<n { column[row] = Double(span[row * d + index]) }
      for row in 0..<n { sorted[row] = column[row] }
      sorted.sort()
      let window = window(of: sorted, leavingOut: f)
      update.append(Float(sorted[window].reduce(0, +) / Double(n - f)))
      addShares(of: column, sorted, window, to: &kept)
    }
    return (update, kept)
  }

  /// The positions of what is kept: it moves up as long as it loses a value that is farther from the
  /// trimmed mean than the one it gains.
  private static func window(of sorted: [Double], leavingOut f: Int) -> Range<Int> {
    let keepCount = sorted.count - f
    let trimmedMean = sorted[f..<keepCount].reduce(0, +) / Double(keepCount - f)
    let start =
      (0..<f).first { trimmedMean - sorted[$0] <= sorted[$0 + keepCount] - trimmedMean } ?? f
    return start..<start + keepCount
  }

  /// Adds what is kept of each row; values equal to the lowest or highest kept one share the places
  /// that these have.
  private static func addShares(
    of column: [Double], _ sorted: [Double], _ window: Range<Int>, to kept: inout [Double]
  ) {
    let (low, high) = (sorted[window.lowerBound], sorted[window.upperBound - 1])
    let (lowPart, highPart) = (part(of: low, sorted, window), part(of: high, sorted, window))
    for (row, value) in column.enumerated() where value >= low && value <= high {
      kept[row] += value == low ? lowPart : value == high ? highPart : 1
    }
  }

  /// The share of the values equal to `value` that lies in the window.
  private static func part(of value: Double, _ sorted: [Double], _ window: Range<Int>) -> Double {
    let first = sorted.firstIndex { $0 >= value } ?? 0
    let end = sorted[first...].firstIndex { $0 > value } ?? sorted.count
    return Double((first..<end).clamped(to: window).count) / Double(end - first)
  }
}
