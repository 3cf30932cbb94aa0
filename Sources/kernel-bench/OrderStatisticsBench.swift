import Determinism
import Kernels

/// Column medians and trimmed means on one thread, against their plain forms of the same moment.
struct OrderStatisticsBench {
  /// Measures and prints one size.
  func run(rowCount: Int, columnCount: Int, repetitions: Int) {
    let matrix = sampleValues(rowCount * columnCount)
    let rows = (0..<rowCount).map { row in
      Array(matrix[(row * columnCount)..<((row + 1) * columnCount)])
    }
    let trimCount = rowCount / 5
    let pool = WorkPool(width: 1)
    var output = [Float](repeating: 0, count: columnCount)
    compare(
      "median \(rowCount) x \(columnCount)", repetitions: repetitions,
      fast: {
        var span = output.mutableSpan
        Float.columnMedian(
          matrix.span, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &span)
      },
      plain: { _ = ScalarReference<Float>.columnMedian(rows) })
    compare(
      "trimmed mean \(rowCount) x \(columnCount)", repetitions: repetitions,
      fast: {
        var span = output.mutableSpan
        Float.columnTrimmedMean(
          matrix.span, rowCount: rowCount, columnCount: columnCount, trimCount: trimCount,
          pool: pool, into: &span)
      },
      plain: { _ = ScalarReference<Float>.columnTrimmedMean(rows, trimCount: trimCount) })
    compare(
      "mean \(rowCount) x \(columnCount)", repetitions: repetitions,
      fast: {
        var span = output.mutableSpan
        Float.mean(
          matrix.span, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &span)
      },
      plain: { _ = ScalarReference<Float>.mean(rows) })
  }
}
