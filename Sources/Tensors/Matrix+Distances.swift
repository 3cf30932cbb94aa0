public import Determinism
public import Kernels

/// Lengths of rows and distances between them, in double precision.
extension Matrix<Float> {
  /// Returns the Euclidean norm of each row.
  public func norms(pool: WorkPool) -> [Double] {
    pool.map(rowCount) { norm(ofRow: $0) }
  }

  /// Returns the squared distances of all pairs of rows, n × n, zero on the diagonal.
  public func squaredDistances(pool: WorkPool) -> [Double] {
    var result = [Double](repeating: 0, count: rowCount * rowCount)
    var target = result.mutableSpan
    Float.pairwiseSquaredDistances(
      span, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &target)
    return result
  }

  /// Writes the squared distances of some rows to all rows, `rows.count` × n, with the bits of
  /// ``squaredDistances(pool:)``.
  ///
  /// - Precondition: `result.count == rows.count * rowCount`
  public func squaredDistances(ofRows rows: Range<Int>, pool: WorkPool, into result: inout [Double])
  {
    var target = result.mutableSpan
    Float.squaredDistances(
      ofRows: rows, of: span, rowCount: rowCount, columnCount: columnCount, pool: pool,
      into: &target)
  }

  /// Returns the squared distances of all pairs to the digits of `Double`, at about twice the cost.
  public func exactSquaredDistances(pool: WorkPool) -> [Double] {
    var result = [Double](repeating: 0, count: rowCount * rowCount)
    var target = result.mutableSpan
    Float.exactPairwiseSquaredDistances(
      span, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &target)
    return result
  }

  /// Returns the Manhattan norm of each row, the sum of magnitudes.
  public func manhattanNorms(pool: WorkPool) -> [Double] {
    pool.map(rowCount) { row in withRow(row) { Float.sumOfMagnitudes($0) } }
  }

  /// Returns the Manhattan distances of all pairs of rows, n × n, zero on the diagonal.
  public func manhattanDistances(pool: WorkPool) -> [Double] {
    var result = [Double](repeating: 0, count: rowCount * rowCount)
    var target = result.mutableSpan
    Float.pairwiseManhattanDistances(
      span, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &target)
    return result
  }

  /// Returns the squared distance of each row to a point.
  ///
  /// - Precondition: `point.count == columnCount`
  public func squaredDistances(to point: [Float], pool: WorkPool) -> [Double] {
    pool.map(rowCount) { row in
      withRow(row) { Float.squaredDistance($0, point.span) }
    }
  }

  /// Returns the inner product of each row with a vector.
  ///
  /// - Precondition: `vector.count == columnCount`
  public func products(with vector: [Float], pool: WorkPool) -> [Double] {
    pool.map(rowCount) { row in
      withRow(row) { Float.dot($0, vector.span) }
    }
  }
}
