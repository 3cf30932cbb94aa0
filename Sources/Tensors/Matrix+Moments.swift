public import Determinism
public import Kernels

/// Averages of the rows, one value per column.
extension Matrix<Float> {
  /// Returns the plain average of the rows: sums in double precision, one division at the end.
  ///
  /// - Precondition: At least one row.
  public func mean(pool: WorkPool) -> [Float] {
    var result = Float.zeros(columnCount)
    var target = result.mutableSpan
    Float.mean(span, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &target)
    return result
  }

  /// Returns the average of the rows with shares that sum to 1; equal ones give the plain average.
  ///
  /// With equal shares one division at the end is more exact than n products.
  public func mean(weights: [Double], pool: WorkPool) -> [Float] {
    weights.allSatisfy { $0 == weights[0] }
      ? mean(pool: pool) : combination(weights, pool: pool)
  }

  /// Returns the sum of the rows times `weights`, in double precision; rows of weight 0 are not read.
  ///
  /// - Precondition: One weight per row.
  public func combination(_ weights: [Double], pool: WorkPool) -> [Float] {
    var result = Float.zeros(columnCount)
    var target = result.mutableSpan
    Float.linearCombination(
      span, rowCount: rowCount, columnCount: columnCount, weights: weights.span, pool: pool,
      into: &target)
    return result
  }

  /// Returns the plain average of some rows.
  ///
  /// - Precondition: At least one row.
  public func mean(ofRows rows: some Collection<Int>, pool: WorkPool) -> [Float] {
    combination(shares(ofRows: rows), pool: pool)
  }

  /// Overwrites one row with the plain average of some rows of another matrix.
  ///
  /// - Precondition: The rows are equally long, and there is at least one to average.
  public mutating func setRow(
    _ row: Int, toMeanOfRows rows: some Collection<Int>, of other: Matrix, pool: WorkPool
  ) {
    let weights = other.shares(ofRows: rows)
    withMutableRow(row) {
      Float.linearCombination(
        other.span, rowCount: other.rowCount, columnCount: other.columnCount,
        weights: weights.span, pool: pool, into: &$0)
    }
  }

  /// Equal shares for some rows, 0 for the others.
  public func shares(ofRows rows: some Collection<Int>) -> [Double] {
    var shares = [Double](repeating: 0, count: rowCount)
    for row in rows { shares[row] = 1 / Double(rows.count) }
    return shares
  }

  /// Returns mean and population standard deviation of each column.
  ///
  /// - Precondition: At least one row.
  public func meanAndDeviation(pool: WorkPool) -> (mean: [Float], deviation: [Float]) {
    var mean = Float.zeros(columnCount)
    var deviation = mean
    var meanTarget = mean.mutableSpan
    var deviationTarget = deviation.mutableSpan
    Float.columnMeanAndDeviation(
      span, rowCount: rowCount, columnCount: columnCount, pool: pool, mean: &meanTarget,
      deviation: &deviationTarget)
    return (mean, deviation)
  }

  /// Returns the median of each column; for an even number of rows the mean of the two middle values.
  ///
  /// - Precondition: At least one row; every value is finite.
  public func median(pool: WorkPool) -> [Float] {
    var result = Float.zeros(columnCount)
    var target = result.mutableSpan
    Float.columnMedian(
      span, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &target)
    return result
  }

  /// Returns the average per column without the `trimCount` smallest and largest values, and the
  /// share of it that comes from each row.
  ///
  /// With (n − 1)/2 values trimmed it is the median, to the bit.
  public func trimmedMean(
    _ trimCount: Int, pool: WorkPool
  ) -> (update: [Float], shares: [Double]) {
    var result = Float.zeros(columnCount)
    var shares = [Double](repeating: 0, count: rowCount)
    var target = result.mutableSpan
    var shareTarget = shares.mutableSpan
    Float.columnTrimmedMean(
      span, rowCount: rowCount, columnCount: columnCount, trimCount: trimCount, pool: pool,
      into: &target, shares: &shareTarget)
    return (result, shares)
  }
}
