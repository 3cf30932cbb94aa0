public import Determinism
public import Kernels

/// A dense row-major matrix.
///
/// A copy shares storage until one of the two is changed, so passing a matrix on is free.
public struct Matrix<Element: Scalar>: Sendable, Equatable {
  public private(set) var rowCount: Int
  public let columnCount: Int
  /// `rowCount * columnCount` values; row `i` starts at `i * columnCount`.
  public private(set) var values: [Element]

  /// Creates a matrix from its values in row-major order.
  ///
  /// - Precondition: `values.count == rowCount * columnCount`
  public init(rowCount: Int, columnCount: Int, values: [Element]) {
    precondition(
      rowCount >= 0 && columnCount >= 0 && values.count == rowCount * columnCount,
      "a \(rowCount)x\(columnCount) matrix cannot hold \(values.count) values")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.values = values
  }

  /// Creates a matrix of zeros.
  public init(rowCount: Int, columnCount: Int) {
    self.init(
      rowCount: rowCount, columnCount: columnCount,
      values: [Element](repeating: 0, count: rowCount * columnCount))
  }

  /// Creates a matrix from equally long rows; no rows give a 0 × 0 matrix.
  public init(rows: [[Element]]) {
    let width = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == width }, "matrix rows differ in length")
    self.init(rowCount: rows.count, columnCount: width, values: rows.flatMap { $0 })
  }

  /// The positions in ``values`` of one row.
  public func range(ofRow row: Int) -> Range<Int> {
    precondition(row >= 0 && row < rowCount, "row \(row) of \(rowCount)")
    return row * columnCount..<(row + 1) * columnCount
  }

  /// Returns a copy of one row.
  public func row(_ row: Int) -> [Element] {
    Array(values[range(ofRow: row)])
  }

  /// Calls `body` with the values of one row, to be changed in place.
  public mutating func withMutableRow<R>(
    _ row: Int, _ body: (inout MutableSpan<Element>) -> R
  ) -> R {
    let range = range(ofRow: row)
    var all = values.mutableSpan
    var slice = all._mutatingExtracting(range)
    return body(&slice)
  }

  /// Overwrites one row.
  ///
  /// - Precondition: `source.count == columnCount`
  public mutating func setRow(_ row: Int, to source: Span<Element>) {
    precondition(source.count == columnCount, "\(source.count) values for \(columnCount) columns")
    let start = range(ofRow: row).lowerBound
    for column in source.indices { values[start + column] = source[column] }
  }

  /// Overwrites one row with a row of another matrix.
  ///
  /// - Precondition: The rows are equally long.
  public mutating func setRow(_ row: Int, toRow source: Int, of other: Matrix) {
    precondition(
      other.columnCount == columnCount, "\(other.columnCount) columns against \(columnCount)")
    let target = range(ofRow: row).lowerBound
    let start = other.range(ofRow: source).lowerBound
    for column in 0..<columnCount { values[target + column] = other.values[start + column] }
  }

  /// Removes the rows whose index is in `rows`, keeping the order of the others.
  ///
  /// - Complexity: O(`rowCount * columnCount`), in place.
  public mutating func removeRows(_ rows: Set<Int>) {
    var kept = 0
    for row in 0..<rowCount where !rows.contains(row) {
      if kept != row {
        for column in 0..<columnCount {
          values[kept * columnCount + column] = values[row * columnCount + column]
        }
      }
      kept += 1
    }
    resize(rowCount: kept)
  }

  /// Drops rows from the end or appends rows of zeros; storage is kept, so that growing back to a
  /// former size allocates nothing.
  public mutating func resize(rowCount: Int) {
    let missing = (rowCount - self.rowCount) * columnCount
    if missing > 0 {
      values.append(contentsOf: repeatElement(0, count: missing))
    } else {
      values.removeLast(-missing)
    }
    self.rowCount = rowCount
  }
}

extension Matrix where Element == Float {
  /// Calls `body` once per row, in parallel, with the row's values to be written in place.
  ///
  /// - Parameters:
  ///   - pool: The threads; results must not depend on which worker gets which row.
  ///   - body: Gets the worker's number in `0 ..< pool.width`, the row and its values.
  public mutating func forEachRow(
    pool: WorkPool, _ body: @Sendable (_ worker: Int, _ row: Int, inout MutableSpan<Float>) -> Void
  ) {
    ParallelRows.forEachRow(
      in: &values, rowCount: rowCount, columnCount: columnCount, pool: pool, body)
  }
}
