import Determinism
import Kernels
import Testing

@Suite struct ColumnMeanAroundMedianTests {
  /// Rows of small whole numbers where `spread` is small, so that ties are frequent.
  private func makeRows(_ n: Int, _ d: Int, spread: Double) -> [[Float]] {
    var random = SeedPath(root: UInt64(n * 10_000 + d)).stream()
    return (0..<n).map { _ in
      (0..<d).map { _ in
        let x = random.normal() * spread
        return Float(spread < 10 ? x.rounded() : x)
      }
    }
  }

  private func evaluate(
    _ all: [[Float]], rows: [Int], keepCount: Int, width: Int = 1
  ) -> (mean: [Float], shares: [Double]) {
    let values = all.flatMap { $0 }
    var mean = [Float](repeating: 9, count: all[0].count)
    var shares = [Double](repeating: 9, count: rows.count)
    var meanSpan = mean.mutableSpan
    var shareSpan = shares.mutableSpan
    Float.columnMeanAroundMedian(
      values.span, rowCount: all.count, columnCount: all[0].count, rows: rows,
      keepCount: keepCount, pool: WorkPool(width: width), into: &meanSpan, shares: &shareSpan)
    return (mean, shares)
  }

  @Test(arguments: [1, 2, 3, 4, 5, 8, 9, 20, 50], [1.0, 100])
  func agreesWithReference(rowCount: Int, spread: Double) {
    for d in [1, 15, 16, 17, 33, 4099] where rowCount < 6 || d < 100 {
      let rows = makeRows(rowCount, d, spread: spread)
      for keepCount in Set([1, 2, rowCount / 4, rowCount - 1, rowCount])
      where keepCount >= 1 && keepCount <= rowCount {
        let expected = ScalarReference<Float>.columnMeanAroundMedian(rows, keepCount: keepCount)
        for width in [1, 2, 5] {
          let (mean, shares) = evaluate(
            rows, rows: Array(0..<rowCount), keepCount: keepCount, width: width)
          #expect(mean.bits == expected.mean.bits, "\(rowCount) × \(d), \(keepCount) kept")
          #expect(zip(shares, expected.shares).allSatisfy { abs($0 - $1) < 1e-13 })
        }
      }
    }
  }

  @Test func chosenRowsAreAsIfAlone() {
    let rows = makeRows(12, 50, spread: 100)
    let chosen = [10, 3, 4, 0, 7]
    let (mean, shares) = evaluate(rows, rows: chosen, keepCount: 3)
    let alone = evaluate(chosen.map { rows[$0] }, rows: [0, 1, 2, 3, 4], keepCount: 3)
    #expect(mean.bits == alone.mean.bits && shares.bits == alone.shares.bits)
  }

  @Test func ofTwoEquallyFarTheLowerIsKeptFirst() {
    // Median 2: 1 and 3 are equally far.
    let (mean, shares) = evaluate([[3], [2], [1], [9], [-9]], rows: [0, 1, 2, 3, 4], keepCount: 2)
    #expect(mean == [1.5] && shares == [0, 0.5, 0.5, 0, 0])
  }

  @Test func largestValuesDoNotOverflow() {
    let large = Float.greatestFiniteMagnitude
    let rows = [[large], [large], [-large], [large]]
    let (mean, _) = evaluate(rows, rows: [0, 1, 2, 3], keepCount: 3)
    #expect(mean == [large])
  }

  @Test func noColumnsGiveEqualShares() {
    let (mean, shares) = evaluate([[], [], [], []], rows: [0, 1, 2, 3], keepCount: 2)
    #expect(mean == [] && shares == [0.25, 0.25, 0.25, 0.25])
  }
}
