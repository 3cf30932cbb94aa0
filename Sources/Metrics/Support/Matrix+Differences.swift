import Tensors

extension Matrix<Float> {
  /// Whether some row differs from another as numbers: zeros of both signs are equal.
  ///
  /// `false` for fewer than two rows. Where all rows are equal nothing can tell them apart, such as
  /// in rounds of a saturated model, whose clients all send zeros.
  ///
  /// - Complexity: O(n d) where all are equal; else it ends with the first difference.
  var hasDifferentRows: Bool {
    let (values, d) = (span, columnCount)
    for row in 1..<max(rowCount, 1) {
      for column in 0..<d where values[row * d + column] != values[column] { return true }
    }
    return false
  }
}
