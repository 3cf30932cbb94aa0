import Determinism
import Tensors

/// The squared distances of all pairs of rows.
struct DistanceTable: Sendable {
  /// The number of rows, n.
  let count: Int
  /// n × n, symmetric, zero on the diagonal.
  let values: [Double]

  /// - Precondition: `values.count == count * count`
  init(count: Int, values: [Double]) {
    precondition(values.count == count * count, "\(values.count) distances of \(count) rows")
    self.count = count
    self.values = values
  }

  func squared(_ i: Int, _ j: Int) -> Double { values[i * count + j] }

  /// Returns the other rows from the nearest on, ties by row.
  func nearest(to row: Int) -> [Int] {
    (0..<count).filter { $0 != row }.sorted {
      (squared(row, $0), $0) < (squared(row, $1), $1)
    }
  }
}

extension Matrix<Float> {
  /// The squared distances of all pairs of rows.
  ///
  /// - Complexity: O(n² d) time, O(n²) memory.
  func distances(pool: WorkPool) -> DistanceTable {
    DistanceTable(count: rowCount, values: squaredDistances(pool: pool))
  }

  /// The same to the digits of `Double`, for what computes with differences of distances.
  func exactDistances(pool: WorkPool) -> DistanceTable {
    DistanceTable(count: rowCount, values: exactSquaredDistances(pool: pool))
  }
}
