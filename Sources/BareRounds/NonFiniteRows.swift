public import Determinism
public import Kernels
public import Tensors

/// Rows that no rule can be given.
public enum NonFiniteRows {
  /// Returns the rows with a value that is not finite, ascending.
  ///
  /// - Complexity: one pass over the values, by as many threads as the pool has.
  public static func found(in matrix: borrowing Matrix<Float>, pool: WorkPool) -> [Int] {
    let values = copy matrix
    let isFinite = pool.map(values.rowCount) { values.isFinite(row: $0) }
    return isFinite.indices.filter { !isFinite[$0] }
  }

  /// Removes those rows and returns their numbers; values that are borrowed are copied only then.
  public static func removed(from matrix: inout Matrix<Float>, pool: WorkPool) -> [Int] {
    let bad = found(in: matrix, pool: pool)
    if !bad.isEmpty { matrix.removeRows(Set(bad)) }
    return bad
  }
}
