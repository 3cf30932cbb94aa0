import Determinism
import Kernels
import Tensors

/// Lengths and angles of the rows of one round, computed once for all figures that need them.
///
/// Everything follows from the squared norms and the pairwise squared distances by the identities
/// `x·y = (|x|² + |y|² - |x - y|²) / 2` and `|Σx|² = ΣΣ x·y`, in `Double`, so no mean vector is ever
/// formed. Relative errors are of the order 1e-16 times the ratio of the largest norm to the norms
/// involved. Equal rows get bit-equal figures, which keeps ties.
///
/// - Complexity: O(n² d) time, O(n²) memory.
struct RowGeometry {
  /// n, the number of rows.
  let rowCount: Int
  /// n × n, symmetric, zero diagonal.
  let squaredDistances: [Double]
  /// n values.
  let squaredNorms: [Double]

  /// - Parameter rows: n × d, finite.
  init(_ rows: borrowing Matrix<Float>) {
    let n = rows.rowCount
    let d = rows.columnCount
    var distances = [Double](repeating: 0, count: n * n)
    var target = distances.mutableSpan
    Float.pairwiseSquaredDistances(
      rows.values.span, rowCount: n, columnCount: d, pool: WorkPool(width: 1), into: &target)
    rowCount = n
    squaredDistances = distances
    squaredNorms = (0..<n).map { row in
      Float.squaredNorm(rows.values.span.extracting(rows.range(ofRow: row)))
    }
  }

  /// Returns the squared distance of two rows.
  func squaredDistance(_ i: Int, _ j: Int) -> Double { squaredDistances[i * rowCount + j] }

  /// Returns the inner product of two rows.
  func product(_ i: Int, _ j: Int) -> Double {
    (squaredNorms[i] + squaredNorms[j] - squaredDistance(i, j)) / 2
  }

  /// Returns the Krum score of every row: the sum of its squared distances to the
  /// `n - byzantineCount - 2` nearest other rows.
  ///
  /// A figure has to exist in every round, so where the rule would be infeasible the number of
  /// neighbors is taken to the nearest of `1 ... n - 1`. `nil` for fewer than two rows.
  ///
  /// Source: Blanchard et al., NeurIPS 2017.
  func krumScores(byzantineCount: Int) -> [Double]? {
    guard rowCount > 1 else { return nil }
    let neighborCount = min(max(1, rowCount - byzantineCount - 2), rowCount - 1)
    return (0..<rowCount).map { row in
      var distances = (0..<rowCount).filter { $0 != row }.map { squaredDistance(row, $0) }
      distances.sort()
      return distances[..<neighborCount].reduce(0, +)
    }
  }
}
