import Determinism
import Kernels
import Testing

@Suite struct TrimmedSharesTests {
  /// Rows of small whole numbers where `spread` is small, so that ties are frequent.
  private func makeRows<S: Scalar>(_ n: Int, _ d: Int, spread: Double, _: S.Type) -> [[S]] {
    var random = SeedPath(root: UInt64(n * 10_000 + d)).stream()
    return (0..<n).map { _ in
      (0..<d).map { _ in
        let x = random.normal() * spread
        return S(spread < 10 ? x.rounded() : x)
      }
    }
  }

  private func check<S: Scalar>(_ rows: [[S]], trimCount: Int) {
    let (n, d) = (rows.count, rows[0].count)
    let matrix = rows.flatMap { $0 }
    var plain = [S](repeating: 7, count: d)
    var plainSpan = plain.mutableSpan
    S.columnTrimmedMean(
      matrix.span, rowCount: n, columnCount: d, trimCount: trimCount, pool: WorkPool(width: 1),
      into: &plainSpan)
    let expected = ScalarReference<S>.trimmedShares(rows, trimCount: trimCount)
    var first: [Double]?
    for width in [1, 2, 5] {
      var mean = [S](repeating: 9, count: d)
      var shares = [Double](repeating: 9, count: n)
      var meanSpan = mean.mutableSpan
      var shareSpan = shares.mutableSpan
      S.columnTrimmedMean(
        matrix.span, rowCount: n, columnCount: d, trimCount: trimCount,
        pool: WorkPool(width: width), into: &meanSpan, shares: &shareSpan)
      #expect(mean == plain)
      #expect(zip(shares, expected).allSatisfy { abs($0 - $1) < 1e-13 }, "\(n)x\(d) \(trimCount)")
      #expect(shares == first ?? shares)
      first = shares
    }
    if 2 * trimCount + 2 >= n {
      var median = [S](repeating: 7, count: d)
      var medianSpan = median.mutableSpan
      S.columnMedian(
        matrix.span, rowCount: n, columnCount: d, pool: WorkPool(width: 1), into: &medianSpan)
      #expect(plain == median)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 8, 9, 20, 50], [1.0, 100])
  func agreesWithReference(rowCount: Int, spread: Double) {
    for d in [1, 15, 16, 17, 33, 4099] where rowCount < 6 || d < 100 {
      for trimCount in Set([0, 1, rowCount / 4, (rowCount - 1) / 2]) where rowCount > 2 * trimCount
      {
        check(makeRows(rowCount, d, spread: spread, Float.self), trimCount: trimCount)
        check(makeRows(rowCount, d, spread: spread, Double.self), trimCount: trimCount)
      }
    }
  }

  @Test func negativeZeroEqualsZero() {
    check([[0.0], [-0.0], [0.0], [1.0]] as [[Float]], trimCount: 1)
  }

  @Test func noColumnsGiveEqualShares() {
    let none: [Float] = []
    var mean: [Float] = []
    var shares: [Double] = [9, 9, 9, 9]
    var meanSpan = mean.mutableSpan
    var shareSpan = shares.mutableSpan
    Float.columnTrimmedMean(
      none.span, rowCount: 4, columnCount: 0, trimCount: 1, pool: WorkPool(width: 1),
      into: &meanSpan, shares: &shareSpan)
    #expect(shares == [0.25, 0.25, 0.25, 0.25])
  }
}
