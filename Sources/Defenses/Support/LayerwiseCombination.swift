import Determinism
import Kernels
import Tensors

extension Matrix<Float> {
  /// Returns the sum of the rows with weights of their own for each range of columns.
  ///
  /// Sums run over ascending rows, in double precision; rows of weight 0 are not read. The ranges alone
  /// split the work.
  ///
  /// - Parameters:
  ///   - ranges: Adjacent ranges that cover the columns in ascending order.
  ///   - weights: For each range one weight per row.
  ///   - pool: The threads to use.
  /// - Returns: One value per column.
  /// - Complexity: O(n d), without a copy of the matrix.
  func combination(_ ranges: [Range<Int>], weights: [[Double]], pool: WorkPool) -> [Float] {
    let pieces = ranges.indices.flatMap { index in
      stride(from: ranges[index].lowerBound, to: ranges[index].upperBound, by: 8192).map {
        (range: $0..<min($0 + 8192, ranges[index].upperBound), index: index)
      }
    }
    return pool.map(pieces.count) { piece in
      let (columns, index) = pieces[piece]
      var sums = [Double](repeating: 0, count: columns.count)
      for row in 0..<rowCount where weights[index][row] != 0 {
        let weight = weights[index][row]
        withRow(row) { values in
          let part = values.extracting(columns)
          for place in sums.indices {
            sums[place] = sums[place].addingProduct(weight, Double(part[place]))
          }
        }
      }
      return sums.map { Float($0) }
    }.flatMap { $0 }
  }
}
