public import Components
import Determinism
public import Federation
import Kernels
import Statistics
import Tensors

/// The average, in each coordinate, of the clamped values of the sign that rows of good standing
/// elect.
///
/// Two rows concord if more of their coordinates have the same sign than opposite ones. A row's
/// concordance ratio ρ is the number of rows that it concords with, itself included, less those that
/// it is discordant with, over n; at least 0. Signs are elected with these as votes. What is averaged
/// is shortened to the median norm, clamped in each coordinate to the median magnitude there, and
/// only counts where the row has one of its largest values. Medians of an even number are the mean
/// of the middle two.
///
/// Of d values of a row those of magnitude from the sparsity-quantile up are kept, equal ones all;
/// a sparsity of 0 keeps everything, 1 the largest. A zero has no sign and no vote. A coordinate with
/// a tied election, or in which no kept value has the elected sign, does not move; so nothing moves
/// where no row has any standing. Row weights are ignored.
///
/// It rejects nobody: a verdict's weight is the mean over coordinates of 1 divided by the number of
/// values that were averaged, where the row's value is among them. Suspicion is 1 − ρ.
///
/// - Complexity: O(n² d / 64) for the concordance, O(d n log² n); a sixteenth of the rows' memory,
///   and 32 MiB for each thread at most.
/// - Note: Benjamin, Asokan, Yaqub, Nandakumar, CVPR workshops 2025.
public struct FedSECA: Aggregator {
  public static let manifest = ComponentManifest(
    id: "fedseca",
    summary: "The average of the clamped largest values that have the elected sign.",
    formula: """
      ρ_k = max(0, Σ_l sign(Σ_j sign(x_kj) sign(x_lj)) / n); s_j = sign(Σ_k ρ_k sign(x_kj)); \
      c_k = x_k · min(1, M / ‖x_k‖), M = the median norm; μ_j = the median of |c_kj|; \
      v_kj = sign(x_kj) min(μ_j, |c_kj|) where |x_kj| is at least the sparsity-quantile of |x_k|, \
      else 0; the result is the average of the v_kj with s_j v_kj > 0, 0 if there is none
      """,
    citations: [
      Citation(
        ["Benjamin", "Asokan", "Yaqub", "Nandakumar"],
        "FedSECA: sign election and coordinate-wise aggregation of gradients for Byzantine tolerant "
          + "federated learning", "CVPR workshops", 2025, arXiv: "2411.03861")
    ],
    origin: """
      The authors' code takes the lower of two medians and adds a momentum of the server; its other \
      differences are the variant of that name. Another library leaves out values that equal the \
      quantile, so that a row of equal magnitudes counts nowhere, and moves tied coordinates.
      """,
    parameters: [
      ParameterSpec(
        "sparsity", .real(0...1), default: .real(0.9),
        help: "share of each row's values, the smallest ones, that is left out"),
      ParameterSpec(
        "variant", .choice(["paper", "authors-code"]), default: .text("paper"),
        help: "authors-code: only kept values vote, and rows are clamped without being shortened"),
    ])

  public static let laws: RuleLaws = [.scale, .order]
  public static let reports = ["bound", "moved"]

  private let sparsity: DecimalShare
  private let isAuthorsCode: Bool

  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    let (n, d) = (Double(rowCount), Double(columnCount))
    return n * d / 4 + 8 * n * n + 16 * d + 16 * Double(ColumnBlocks.valueCount)
  }

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    sparsity = DecimalShare(arguments.real("sparsity"))
    isAuthorsCode = arguments.word("variant") == "authors-code"
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let values = updates.values
    let (n, d) = (values.rowCount, values.columnCount)
    let standings = SignBits(values, pool: round.pool).standings(pool: round.pool).map {
      max(0, $0)
    }
    let norms = values.norms(pool: round.pool)
    // Every round has a row.
    let bound = Statistics.Median.of(norms) ?? 0
    let keptCount = d - sparsity.count(of: max(d - 1, 0), rounded: .up)
    let limits = round.pool.map(n) { row in
      d == 0 ? 0 : values.withRow(row) { LargestMagnitudes(keptCount, of: $0).limit }
    }
    let election = SignElection(
      standings: standings, limits: limits,
      factors: norms.map { clippingFactor(norm: $0, bound: bound) }, isAuthorsCode: isAuthorsCode)
    let blocks = ColumnBlocks.ranges(rowCount: n, columnCount: d)
    let parts = round.pool.map(blocks.count) { election.average(values, columns: blocks[$0]) }
    let update = parts.flatMap(\.update)
    return Aggregation(
      update: update,
      verdicts: (0..<n).map { row in
        let share = parts.reduce(0) { $0 + $1.shares[row] }
        return Verdict(
          .notJudged, weight: share / Double(max(d, 1)),
          suspicion: 1 - Double(standings[row]) / Double(n))
      },
      report: [
        "bound": .number(bound), "moved": .number(Double(update.count { $0 != 0 })),
      ])
  }
}

/// What is known of the rows before their coordinates are looked at.
private struct SignElection: Sendable {
  /// The votes of each row: n ρ.
  let standings: [Int]
  /// The bits of the least magnitude that is kept of each row.
  let limits: [UInt32]
  /// What shortens each row.
  let factors: [Double]
  let isAuthorsCode: Bool

  /// Averages some columns; the shares are sums over them.
  func average(
    _ values: Matrix<Float>, columns: Range<Int>
  ) -> (update: [Float], shares: [Double]) {
    let n = values.rowCount
    let width = columns.count
    var votes = [Int](repeating: 0, count: width)
    var lengths = [Double](repeating: 0, count: n * width)
    vote(values, columns, &votes, &lengths)
    var middle = [Double](repeating: 0, count: width)
    var target = middle.mutableSpan
    Double.columnMedian(
      lengths.span, rowCount: n, columnCount: width, pool: WorkPool(width: 1), into: &target)
    let directions = votes.map { Float($0.signum()) }
    var sums = [Double](repeating: 0, count: width)
    var counts = sums
    select(values, columns, directions, middle, &lengths, &sums, &counts)
    let parts = counts.map { 1 / max($0, 1) }
    return (
      // −0 becomes 0.
      (0..<width).map { directions[$0] * Float(sums[$0] / max(counts[$0], 1)) + 0 },
      (0..<n).map { row in
        let row = lengths.span.extracting(row * width..<(row + 1) * width)
        var share = 0.0
        for column in 0..<width { share += row[column] > 0 ? parts[column] : 0 }
        return share
      }
    )
  }

  /// Adds the votes of all rows and writes their shortened magnitudes.
  private func vote(
    _ values: Matrix<Float>, _ columns: Range<Int>, _ votes: inout [Int],
    _ lengths: inout [Double]
  ) {
    var votes = votes.mutableSpan
    var lengths = lengths.mutableSpan
    for row in 0..<values.rowCount {
      let source = values.span.extracting(values.range(ofRow: row)).extracting(columns)
      let (factor, standing) = (factors[row], standings[row])
      let limit = isAuthorsCode ? limits[row] : 0
      let start = row * columns.count
      for column in source.indices {
        let value = source[column]
        lengths[start + column] = Double(value.magnitude) * factor
        let sign = (value > 0 ? 1 : 0) - (value < 0 ? 1 : 0)
        votes[column] += value.magnitude.bitPattern >= limit ? sign * standing : 0
      }
    }
  }

  /// Adds what is averaged in each column; of `lengths` only that is left.
  private func select(
    _ values: Matrix<Float>, _ columns: Range<Int>, _ directions: [Float], _ middle: [Double],
    _ lengths: inout [Double], _ sums: inout [Double], _ counts: inout [Double]
  ) {
    let (directions, middle) = (directions.span, middle.span)
    var lengths = lengths.mutableSpan
    var sums = sums.mutableSpan
    var counts = counts.mutableSpan
    for row in 0..<values.rowCount {
      let source = values.span.extracting(values.range(ofRow: row)).extracting(columns)
      let limit = limits[row]
      let start = row * columns.count
      for column in source.indices {
        let value = source[column]
        let length = isAuthorsCode ? Double(value.magnitude) : lengths[start + column]
        let isAligned = value * directions[column] > 0 ? 1.0 : 0
        let isKept = value.magnitude.bitPattern >= limit ? isAligned : 0
        let counted = min(length, middle[column]) * isKept
        lengths[start + column] = counted
        sums[column] += counted
        counts[column] += counted > 0 ? 1 : 0
      }
    }
  }
}
