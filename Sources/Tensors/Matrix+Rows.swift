public import Determinism
public import Kernels

/// Single rows.
extension Matrix {
  /// The positions of one row among all values.
  public func range(ofRow row: Int) -> Range<Int> {
    precondition(row >= 0 && row < rowCount, "row \(row) of \(rowCount)")
    return row * columnCount..<(row + 1) * columnCount
  }

  /// Returns a copy of one row.
  public func row(_ row: Int) -> [Element] {
    Element.copied(span.extracting(range(ofRow: row)))
  }

  /// Calls `body` with the values of one row.
  public func withRow<R>(_ row: Int, _ body: (Span<Element>) -> R) -> R {
    body(span.extracting(range(ofRow: row)))
  }

  /// Calls `body` with the values of one row, to be changed in place.
  public mutating func withMutableRow<R>(
    _ row: Int, _ body: (inout MutableSpan<Element>) -> R
  ) -> R {
    let range = range(ofRow: row)
    var all = mutableSpan
    var slice = all._mutatingExtracting(range)
    return body(&slice)
  }

  /// Overwrites one row.
  ///
  /// - Precondition: `source.count == columnCount`
  public mutating func setRow(_ row: Int, to source: Span<Element>) {
    precondition(source.count == columnCount, "\(source.count) values for \(columnCount) columns")
    withMutableRow(row) { Memory.copy(source, into: &$0) }
  }

  /// Overwrites one row with a row of another matrix.
  ///
  /// - Precondition: The rows are equally long.
  public mutating func setRow(_ row: Int, toRow source: Int, of other: Matrix) {
    precondition(
      other.columnCount == columnCount, "\(other.columnCount) columns against \(columnCount)")
    let from = other.range(ofRow: source)
    withMutableRow(row) { Memory.copy(other.span.extracting(from), into: &$0) }
  }

  /// Removes the rows whose index is in `rows`, keeping the order of the others.
  ///
  /// - Complexity: O(`rowCount * columnCount`), in place.
  public mutating func removeRows(_ rows: Set<Int>) {
    var kept = 0
    for row in 0..<rowCount where !rows.contains(row) {
      if kept != row { moveRow(row, to: kept) }
      kept += 1
    }
    resize(rowCount: kept)
  }

  /// Copies a row over another.
  private mutating func moveRow(_ source: Int, to target: Int) {
    let (from, to) = (range(ofRow: source), range(ofRow: target))
    var all = mutableSpan
    Memory.move(from, to: to.lowerBound, in: &all)
  }

  /// Turns the order of the rows round, in place.
  ///
  /// - Complexity: O(`rowCount * columnCount`), with room for one row.
  public mutating func reverseRows() {
    for row in 0..<rowCount / 2 {
      let kept = self.row(row)
      moveRow(rowCount - 1 - row, to: row)
      setRow(rowCount - 1 - row, to: kept.span)
    }
  }

  /// Returns the matrix of some rows, in the given order.
  public func selecting(_ rows: [Int]) -> Matrix {
    var result = Matrix(rowCount: rows.count, columnCount: columnCount)
    for (place, row) in rows.enumerated() { result.setRow(place, toRow: row, of: self) }
    return result
  }

  /// Returns the Euclidean norm of one row, in double precision.
  public func norm(ofRow row: Int) -> Double {
    Element.squaredNorm(span.extracting(range(ofRow: row))).squareRoot()
  }

  /// Returns whether no value of one row is NaN or infinite.
  public func isFinite(row: Int) -> Bool {
    Element.allFinite(span.extracting(range(ofRow: row)))
  }

  /// Multiplies one row, in double precision and rounded once.
  public mutating func scaleRow(_ row: Int, by factor: Double) {
    withMutableRow(row) { Element.scale(&$0, by: factor) }
  }
}

extension Matrix<Float> {
  /// Overwrites one row with an example.
  ///
  /// - Precondition: The rows are equally long.
  public mutating func setRow(_ row: Int, toRow source: Int, of examples: ExampleMatrix) {
    examples.withRow(source) { setRow(row, to: $0) }
  }

  /// Sets every value of one row.
  public mutating func fillRow(_ row: Int, with value: Float) {
    withMutableRow(row) { Memory.fill(&$0, with: value) }
  }

  /// Calls `body` once per row, in parallel, with the row's values to be written in place.
  ///
  /// - Parameters:
  ///   - pool: The threads; results must not depend on which worker gets which row.
  ///   - body: Gets the worker's number in `0 ..< pool.width`, the row and its values.
  public mutating func forEachRow(
    pool: WorkPool, _ body: @Sendable (_ worker: Int, _ row: Int, inout MutableSpan<Float>) -> Void
  ) {
    let (rowCount, columnCount) = (rowCount, columnCount)
    withValues {
      ParallelRows.forEachRow(
        in: &$0, rowCount: rowCount, columnCount: columnCount, pool: pool, body)
    }
  }

  /// Returns the matrix of some columns, in the given order.
  ///
  /// - Precondition: Every column is in `0 ..< columnCount`.
  public func selectingColumns(_ columns: [Int], pool: WorkPool) -> Matrix<Float> {
    precondition(
      columns.allSatisfy { $0 >= 0 && $0 < columnCount }, "columns of \(columnCount) in all")
    var result = Matrix<Float>(rowCount: rowCount, columnCount: columns.count)
    result.forEachRow(pool: pool) { _, row, target in
      withRow(row) { source in
        for (place, column) in columns.enumerated() { target[place] = source[column] }
      }
    }
    return result
  }
}
