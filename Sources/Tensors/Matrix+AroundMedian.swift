public import Determinism
public import Kernels

/// Averages of what lies near the median, column by column.
extension Matrix<Float> {
  /// Averages, per column, the values nearest to the median of some rows.
  ///
  /// Of two values equally far from the median the lower one is kept first; equal values share what
  /// is kept of them.
  ///
  /// - Parameters:
  ///   - rows: The rows that count, each once.
  ///   - keepCount: The number of values to average, in `1 ... rows.count`.
  ///   - pool: The threads to use.
  /// - Returns: The averages, and per row the share of them that comes from it.
  public func meanAroundMedian(
    ofRows rows: [Int], keepCount: Int, pool: WorkPool
  ) -> (update: [Float], shares: [Double]) {
    var result = Float.zeros(columnCount)
    var parts = [Double](repeating: 0, count: rows.count)
    var target = result.mutableSpan
    var partTarget = parts.mutableSpan
    Float.columnMeanAroundMedian(
      span, rowCount: rowCount, columnCount: columnCount, rows: rows, keepCount: keepCount,
      pool: pool, into: &target, shares: &partTarget)
    var shares = [Double](repeating: 0, count: rowCount)
    for (row, part) in zip(rows, parts) { shares[row] = part }
    return (result, shares)
  }
}
