import Determinism
import Kernels
import Testing

/// Each number of rows has merges of its own, up to where the general form begins.
@Suite struct ColumnSorterTests {
  /// Values of any size, or small whole numbers with both zeros among them.
  private func rows(_ n: Int, _ d: Int, hasTies: Bool) -> [[Float]] {
    var random = SeedPath(root: UInt64(n)).child(hasTies ? 1 : 0).stream()
    return (0..<n).map { _ in
      (0..<d).map { _ in
        let x = Float(random.normal())
        // Rounding leaves −0 below zero.
        return hasTies ? x.rounded() : x * Float(sign: .plus, exponent: Int(x * 20), significand: 1)
      }
    }
  }

  @Test(arguments: Array(1...130), [false, true])
  func everyNumberOfRowsIsSorted(rowCount n: Int, hasTies: Bool) {
    // Two whole groups of columns and a part of one.
    let d = 37
    let rows = rows(n, d, hasTies: hasTies)
    let matrix = rows.flatMap { $0 }
    let pool = WorkPool(width: 1)
    var found = [Float](repeating: 7, count: d)
    var span = found.mutableSpan
    Float.columnMedian(matrix.span, rowCount: n, columnCount: d, pool: pool, into: &span)
    #expect(bits(found) == bits(ScalarReference<Float>.columnMedian(rows)))
    for trimCount in Set([0, 1, n / 5, (n - 1) / 2]) where 2 * trimCount < n {
      let wanted = ScalarReference<Float>.columnTrimmedMean(rows, trimCount: trimCount)
      var mean = [Float](repeating: 7, count: d)
      var means = mean.mutableSpan
      Float.columnTrimmedMean(
        matrix.span, rowCount: n, columnCount: d, trimCount: trimCount, pool: pool, into: &means)
      #expect(bits(mean) == bits(wanted), "\(trimCount) trimmed")
      var shares = [Double](repeating: 7, count: n)
      mean = [Float](repeating: 7, count: d)
      means = mean.mutableSpan
      var parts = shares.mutableSpan
      Float.columnTrimmedMean(
        matrix.span, rowCount: n, columnCount: d, trimCount: trimCount, pool: pool, into: &means,
        shares: &parts)
      #expect(bits(mean) == bits(wanted), "\(trimCount) trimmed, with shares")
      let expected = ScalarReference<Float>.trimmedShares(rows, trimCount: trimCount)
      #expect(zip(shares, expected).allSatisfy { abs($0 - $1) < 1e-13 }, "\(trimCount) trimmed")
    }
  }

  /// Several pieces, whose columns are asked for ahead of time, and one that ends in the middle.
  @Test(arguments: [20, 50, 100])
  func noThreadChangesABit(rowCount n: Int) {
    let d = 2 * 4096 + 259
    let rows = rows(n, d, hasTies: false)
    let matrix = rows.flatMap { $0 }
    let wanted = ScalarReference<Float>.columnTrimmedMean(rows, trimCount: n / 5)
    for width in [1, 2, 5] {
      var mean = [Float](repeating: 7, count: d)
      var means = mean.mutableSpan
      Float.columnTrimmedMean(
        matrix.span, rowCount: n, columnCount: d, trimCount: n / 5, pool: WorkPool(width: width),
        into: &means)
      #expect(bits(mean) == bits(wanted))
    }
  }

  private func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }
}
