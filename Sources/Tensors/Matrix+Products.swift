public import Determinism
public import Kernels

/// Products of a small matrix with the rows.
extension Matrix<Float> {
  /// Returns the matrix whose row `i` is the sum of all rows times row `i` of `weights`.
  ///
  /// Each has the bits of `combination`; the rows are read once for all of them.
  ///
  /// - Parameters:
  ///   - weights: `count` × `rowCount`, row-major.
  ///   - count: The number of rows of the result.
  ///   - pool: The threads to use.
  /// - Returns: `count` × `columnCount`.
  /// - Precondition: `weights.count == count * rowCount`
  public func combinations(_ weights: [Double], count: Int, pool: WorkPool) -> Matrix<Float> {
    precondition(
      weights.count == count * rowCount, "\(weights.count) weights for \(count) x \(rowCount)")
    var result = Float.zeros(count * columnCount)
    var target = result.mutableSpan
    Float.linearCombinations(
      span, rowCount: rowCount, columnCount: columnCount, weights: weights.span,
      combinationCount: count, pool: pool, into: &target)
    return Matrix(rowCount: count, columnCount: columnCount, values: result)
  }
}
