import Kernels
import Tensors

extension Matrix<Float> {
  /// Multiplies one row, in double precision and rounded once.
  mutating func scaleRow(_ row: Int, by factor: Double) {
    withMutableRow(row) { Float.scale(&$0, by: factor) }
  }

  /// Sets every value of one row.
  mutating func fillRow(_ row: Int, with value: Float) {
    withMutableRow(row) { values in
      for column in values.indices { values[column] = value }
    }
  }

  /// Returns the Euclidean norm of one row, in double precision.
  func norm(ofRow row: Int) -> Double {
    Float.squaredNorm(values.span.extracting(range(ofRow: row))).squareRoot()
  }
}
