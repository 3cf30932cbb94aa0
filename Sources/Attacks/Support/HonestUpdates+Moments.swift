import Determinism
import Federation
import Kernels
import Tensors

extension HonestUpdates {
  /// Mean and standard deviation of each column over the honest rows, d values each, in double
  /// precision; `nil` where there is no honest row.
  ///
  /// Rows ascend: first the sum from +0, divided once, then a fused chain of squared differences from
  /// that mean, divided once, and the root. Columns go in pieces of 4096, whatever the pool.
  ///
  /// - Complexity: O(h d); no row is copied.
  func meanAndDeviation(
    _ divisor: DeviationDivisor = .population, pool: WorkPool
  ) -> (mean: [Double], deviation: [Double])? {
    guard !rows.isEmpty else { return nil }
    let pieceSize = 4096
    let columnCount = all.columnCount
    let pieces = pool.map((columnCount + pieceSize - 1) / pieceSize) { piece in
      let start = piece * pieceSize
      return moments(of: start..<min(start + pieceSize, columnCount), divisor)
    }
    return (pieces.flatMap(\.mean), pieces.flatMap(\.deviation))
  }

  private func moments(
    of columns: Range<Int>, _ divisor: DeviationDivisor
  ) -> (mean: [Double], deviation: [Double]) {
    let width = columns.count
    var mean = [Double](repeating: 0, count: width)
    for row in rows {
      all.withRow(row) { values in
        for i in 0..<width { mean[i] += Double(values[columns.lowerBound + i]) }
      }
    }
    for i in 0..<width { mean[i] /= Double(rows.count) }
    var squares = [Double](repeating: 0, count: width)
    for row in rows {
      all.withRow(row) { values in
        for i in 0..<width {
          let difference = Double(values[columns.lowerBound + i]) - mean[i]
          squares[i] = squares[i].addingProduct(difference, difference)
        }
      }
    }
    let count = divisor.value(of: rows.count)
    return (mean, squares.map { ($0 / count).squareRoot() })
  }
}
