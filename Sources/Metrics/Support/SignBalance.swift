import Tensors

/// The share of positive minus that of negative coordinates.
enum SignBalance {
  /// Returns the balance of every row, in -1...1; zeros of both signs count as neither.
  ///
  /// - Complexity: O(n d).
  static func balances(_ rows: borrowing Matrix<Float>) -> [Double] {
    let d = rows.columnCount
    return (0..<rows.rowCount).map { row in
      let values = rows.span.extracting(rows.range(ofRow: row))
      var surplus: Int32 = 0
      for column in values.indices {
        let value = values[column]
        surplus &+= (value > 0 ? 1 : 0) &- (value < 0 ? 1 : 0)
      }
      return d > 0 ? Double(surplus) / Double(d) : 0
    }
  }
}
