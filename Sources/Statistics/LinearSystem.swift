/// Small systems of linear equations, by Gaussian elimination with partial pivoting.
public enum LinearSystem {
  /// Solves `matrix · x = right` for x.
  ///
  /// Singular means that no pivot of some column exceeds `n · 2^-52` times the largest magnitude in
  /// the matrix: the solution would have no digit that can be trusted.
  ///
  /// *Ties*: of equally large pivots the one in the lowest row counts.
  /// *Determinism*: columns are eliminated in ascending order, rows in ascending order; the sums of
  /// the back substitution run over ascending columns.
  /// *Edge cases*: no equations have the solution of no numbers.
  ///
  /// - Parameters:
  ///   - matrix: `n × n`, row-major, finite.
  ///   - right: The n right-hand sides, finite.
  /// - Returns: The n numbers x, or `nil` where the matrix is singular.
  /// - Complexity: O(n³).
  public static func solution(of matrix: [Double], right: [Double]) -> [Double]? {
    let n = right.count
    precondition(
      matrix.count == n * n, "\(n) equations do not have \(matrix.count) coefficients")
    precondition(
      matrix.allSatisfy(\.isFinite) && right.allSatisfy(\.isFinite),
      "the numbers of a linear system have to be finite")
    let largest = matrix.reduce(0) { max($0, abs($1)) }
    let least = Double(n) * 0x1p-52 * largest
    var rows = (0..<n).map { Array(matrix[$0 * n..<($0 + 1) * n]) + [right[$0]] }
    for column in 0..<n {
      var pivot = column
      for row in column + 1..<n {
        if abs(rows[row][column]) > abs(rows[pivot][column]) { pivot = row }
      }
      guard abs(rows[pivot][column]) > least else { return nil }
      rows.swapAt(column, pivot)
      for row in column + 1..<n {
        let factor = rows[row][column] / rows[column][column]
        for place in column...n { rows[row][place] -= factor * rows[column][place] }
      }
    }
    var solution = [Double](repeating: 0, count: n)
    for row in stride(from: n - 1, through: 0, by: -1) {
      var value = rows[row][n]
      for column in row + 1..<n { value -= rows[row][column] * solution[column] }
      solution[row] = value / rows[row][row]
    }
    return solution
  }
}
