import Determinism
import Kernels

/// As many combinations of the rows as there are rows, on one thread, at once and one by one.
struct MixingBench {
  /// Measures and prints one size.
  func run(rowCount: Int, columnCount: Int, repetitions: Int) {
    let matrix = sampleValues(rowCount * columnCount)
    // As when each row is replaced by the average of its four fifths nearest ones; no two alike,
    // which would be computed once.
    let weights = (0..<rowCount * rowCount).map { index in
      let row = index / rowCount
      return (index + row) % 5 == 2 ? 0 : (1.25 + Double(row) / 1024) / Double(rowCount)
    }
    let pool = WorkPool(width: 1)
    var output = [Float](repeating: 0, count: rowCount * columnCount)
    let rows = (0..<rowCount).map { $0 * rowCount..<($0 + 1) * rowCount }
    compare(
      "mixing \(rowCount) x \(columnCount)", repetitions: repetitions,
      elementCount: rowCount * rowCount * columnCount,
      fast: {
        var span = output.mutableSpan
        Float.linearCombinations(
          matrix.span, rowCount: rowCount, columnCount: columnCount, weights: weights.span,
          combinationCount: rowCount, pool: pool, into: &span)
      },
      plain: {
        var all = output.mutableSpan
        for row in rows {
          var span = all._mutatingExtracting(0..<columnCount)
          Float.linearCombination(
            matrix.span, rowCount: rowCount, columnCount: columnCount,
            weights: weights.span.extracting(row), pool: pool, into: &span)
        }
      }, plainName: "one by one it")
  }
}
