import Determinism
import Kernels

/// Linear equations with one symmetric positive definite matrix, by its Cholesky factor.
///
/// *Determinism*: the factor is computed row by row; sums are those of `Double.dot`.
struct CholeskySystem: Sendable {
  /// The rows of the lower factor, up to the diagonal.
  private let lower: [[Double]]
  /// The rows of its transpose, from the diagonal on.
  private let upper: [[Double]]

  /// Factors `matrix + ridge · identity`, of which only the lower triangle is given or read.
  ///
  /// - Precondition: The sum is positive definite by more than rounding.
  /// - Complexity: O(n³).
  init(_ matrix: [[Double]], ridge: Double) {
    var rows: [[Double]] = []
    for i in matrix.indices {
      var row = [Double](repeating: 0, count: i + 1)
      for j in 0..<i {
        row[j] = (matrix[i][j] - dot(row, rows[j], count: j)) / rows[j][j]
      }
      let rest = matrix[i][i] + ridge - dot(row, row, count: i)
      precondition(rest > 0, "not a positive definite matrix")
      row[i] = rest.squareRoot()
      rows.append(row)
    }
    lower = rows
    upper = rows.indices.map { j in (j..<rows.count).map { rows[$0][j] } }
  }

  /// Solves the equations for some right-hand sides.
  ///
  /// - Complexity: O(n²) for each.
  func solutions(for rightSides: [[Double]], pool: WorkPool) -> [[Double]] {
    let n = lower.count
    return pool.map(rightSides.count) { index in
      var x = rightSides[index]
      for i in 0..<n {
        x[i] = (x[i] - dot(lower[i], x, count: i)) / lower[i][i]
      }
      for i in stride(from: n - 1, through: 0, by: -1) {
        let known = dot(upper[i], from: 1, x, from: i + 1, count: n - 1 - i)
        x[i] = (x[i] - known) / lower[i][i]
      }
      return x
    }
  }
}
