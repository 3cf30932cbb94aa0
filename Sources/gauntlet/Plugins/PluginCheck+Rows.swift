import Determinism
import Kernels
import Tensors

extension PluginCheck {
  /// Rows that scatter around a common one, as updates do.
  static func rows(_ count: Int = rowCount, _ columns: Int = columnCount) -> Matrix<Float> {
    var random = SeedPath(root: 12).child("plugin-check").child(count).stream()
    let center = (0..<columns).map { _ in Float(0.05 * random.normal()) }
    var values: [Float] = []
    values.reserveCapacity(count * columns)
    for _ in 0..<count {
      for value in center { values.append(value + Float(0.03 * random.normal())) }
    }
    return Matrix(rowCount: count, columnCount: columns, values: values)
  }

  /// Rows of which each is the first.
  static func sameRows() -> Matrix<Float> {
    var rows = rows()
    for row in 1..<rows.rowCount { rows.setRow(row, toRow: 0, of: rows) }
    return rows
  }

  /// Whether two vectors agree but for the rounding of sums in another order.
  static func areClose(_ one: [Float], _ other: [Float]) -> Bool {
    let size = max(1e-12, one.lazy.map(abs).max() ?? 0)
    return one.count == other.count
      && zip(one, other).allSatisfy { abs($0 - $1) <= 1e-4 * size }
  }

  /// The first value that is not finite, in words; `nil` if all are.
  static func notFinite(_ values: [Float]) -> String? {
    values.firstIndex { !$0.isFinite }.map { "value \($0) is \(values[$0])" }
  }

  /// Values as they are compared: not a number equals itself.
  static func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }
}
