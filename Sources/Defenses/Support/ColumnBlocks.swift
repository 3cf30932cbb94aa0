import Determinism
import Tensors

/// Consecutive columns of a matrix that are worked on at once, so that what is made of them needs no
/// room for the whole matrix.
enum ColumnBlocks {
  /// The most values of a block.
  static let valueCount = 1 << 22

  /// Splits the columns into ranges of up to 4096; of fewer where there are many rows.
  static func ranges(rowCount: Int, columnCount: Int) -> [Range<Int>] {
    let width = min(4096, max(16, valueCount / max(rowCount, 1) / 16 * 16))
    return stride(from: 0, to: columnCount, by: width).map { $0..<min($0 + width, columnCount) }
  }
}

extension Matrix<Float> {
  /// Returns some columns of the given rows, in the given order; a row may come more than once.
  func block(ofRows rows: some Collection<Int>, columns: Range<Int>) -> Matrix<Float> {
    var block = Matrix<Float>(rowCount: rows.count, columnCount: columns.count)
    for (place, row) in rows.enumerated() {
      withRow(row) { block.setRow(place, to: $0.extracting(columns)) }
    }
    return block
  }
}
