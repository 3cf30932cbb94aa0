public import Determinism
public import Kernels

/// Points in double precision among rows in single precision, for iterates that need the digits.
extension Matrix<Float> {
  /// Returns the squared distance of each row to a point.
  ///
  /// - Precondition: `point.count == columnCount`
  public func squaredDistances(to point: [Double], pool: WorkPool) -> [Double] {
    pool.map(rowCount) { row in
      withRow(row) { Float.squaredDistance($0, point.span) }
    }
  }

  /// Writes the sum of the rows times `weights`; rows of weight 0 are not read.
  ///
  /// - Precondition: One weight per row; `result.count == columnCount`
  public func combine(_ weights: [Double], pool: WorkPool, into result: inout [Double]) {
    var target = result.mutableSpan
    Float.linearCombination(
      span, rowCount: rowCount, columnCount: columnCount, weights: weights.span, pool: pool,
      into: &target)
  }
}
