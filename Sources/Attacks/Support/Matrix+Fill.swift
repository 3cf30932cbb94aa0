import Kernels
import Tensors

extension Matrix<Float> {
  /// Sets every row to a vector times a factor, each value rounded once.
  ///
  /// - Precondition: `vector.count == columnCount`
  mutating func fill(with vector: [Float], times factor: Double) {
    for row in 0..<rowCount {
      setRow(row, to: vector.span)
      scaleRow(row, by: factor)
    }
  }
}
