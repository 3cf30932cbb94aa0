import Kernels
import Tensors

extension Matrix<Float> {
  /// Sets every row to a vector, each value rounded once.
  ///
  /// - Precondition: `vector.count == columnCount`
  mutating func fill(with vector: [Double]) {
    guard rowCount > 0 else { return }
    let rounded = vector.map { Float($0) }
    for row in 0..<rowCount { setRow(row, to: rounded.span) }
  }
}
