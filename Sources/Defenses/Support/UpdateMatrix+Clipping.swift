import Federation
import Tensors

extension UpdateMatrix {
  /// Shortens the rows that are longer than a bound to it, in place where nobody else holds the matrix.
  ///
  /// - Parameters:
  ///   - bound: The largest norm of a row; 0 leaves zeros.
  ///   - norms: The norm of each row.
  mutating func clip(to bound: Double, norms: [Double]) {
    for (row, norm) in norms.enumerated() where norm > bound {
      values.scaleRow(row, by: clippingFactor(norm: norm, bound: bound))
    }
  }
}
