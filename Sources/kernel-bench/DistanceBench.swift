import Determinism
import Kernels

/// Pairwise squared distances on one thread, in `Float` and in `Double`, against the plain forms of
/// the same moment.
struct DistanceBench {
  /// Measures and prints one size.
  func run(rowCount: Int, columnCount: Int, repetitions: Int) {
    let matrix = sampleValues(rowCount * columnCount)
    let rows = (0..<rowCount).map { row in
      Array(matrix[(row * columnCount)..<((row + 1) * columnCount)])
    }
    let pool = WorkPool(width: 1)
    var distances = [Double](repeating: 0, count: rowCount * rowCount)
    let size = "\(rowCount) x \(columnCount)"
    let elementCount = rowCount * (rowCount - 1) / 2 * columnCount
    compare(
      "distances \(size)", repetitions: repetitions, elementCount: elementCount,
      fast: {
        var span = distances.mutableSpan
        Float.pairwiseSquaredDistances(
          matrix.span, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &span)
      },
      plain: { _ = ScalarReference<Float>.singlePairwiseSquaredDistances(rows) })
    compare(
      "exact distances \(size)", repetitions: repetitions, elementCount: elementCount,
      fast: {
        var span = distances.mutableSpan
        Float.exactPairwiseSquaredDistances(
          matrix.span, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &span)
      },
      plain: { _ = ScalarReference<Float>.pairwiseSquaredDistances(rows) })
  }
}
