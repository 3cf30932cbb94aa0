import Determinism
import Federation
import Kernels
import Tensors

/// The kernels, on whole update matrices.
extension UpdateMatrix {
  /// Returns the plain average of the rows, d values.
  func mean(pool: WorkPool) -> [Element] {
    var result = [Element](repeating: 0, count: columnCount)
    var target = result.mutableSpan
    Element.mean(
      values.values.span, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &target)
    return result
  }

  /// Returns the sum of the rows times `weights`, d values; rows of weight 0 are not read.
  func combination(_ weights: [Double], pool: WorkPool) -> [Element] {
    var result = [Element](repeating: 0, count: columnCount)
    var target = result.mutableSpan
    Element.linearCombination(
      values.values.span, rowCount: rowCount, columnCount: columnCount, weights: weights.span,
      pool: pool, into: &target)
    return result
  }

  /// Returns the average per coordinate without the `trimCount` smallest and largest values, and the
  /// share of it that comes from each row.
  ///
  /// With (n − 1)/2 values trimmed it is the median, to the bit.
  func trimmedMean(
    _ trimCount: Int, pool: WorkPool
  ) -> (update: [Element], shares: [Double]) {
    var result = [Element](repeating: 0, count: columnCount)
    var shares = [Double](repeating: 0, count: rowCount)
    var target = result.mutableSpan
    var shareTarget = shares.mutableSpan
    Element.columnTrimmedMean(
      values.values.span, rowCount: rowCount, columnCount: columnCount, trimCount: trimCount,
      pool: pool, into: &target, shares: &shareTarget)
    return (result, shares)
  }

  /// Returns the squared distances of all pairs of rows, n × n, zero on the diagonal.
  func squaredDistances(pool: WorkPool) -> [Double] {
    var result = [Double](repeating: 0, count: rowCount * rowCount)
    var target = result.mutableSpan
    Element.pairwiseSquaredDistances(
      values.values.span, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &target)
    return result
  }

  /// Returns the Euclidean norm of each row, in double precision.
  func norms(pool: WorkPool) -> [Double] {
    pool.map(rowCount) { row in
      Element.squaredNorm(values.values.span.extracting(values.range(ofRow: row))).squareRoot()
    }
  }
}
