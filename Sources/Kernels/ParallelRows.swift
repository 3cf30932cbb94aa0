public import Determinism

/// Lets the pieces of a work pool write disjoint rows of one matrix.
public enum ParallelRows {
  /// Runs `body` once per row, with that row of the matrix to write.
  ///
  /// The rows are disjoint, so bodies cannot disturb one another. What a body writes must depend on
  /// its row alone, not on `worker`, which only chooses a workspace.
  ///
  /// - Parameters:
  ///   - values: `rowCount × columnCount` values, row-major.
  ///   - rowCount: The number of rows.
  ///   - columnCount: The number of columns; 0 gives empty rows.
  ///   - pool: What runs the bodies.
  ///   - body: Gets the worker in `0 ..< pool.width`, the row index and the row.
  /// - Precondition: `values.count == rowCount * columnCount`
  /// - Complexity: O(`rowCount`) calls; nothing is copied.
  public static func forEachRow(
    in values: inout [Float], rowCount: Int, columnCount: Int, pool: WorkPool,
    _ body: @Sendable (_ worker: Int, _ row: Int, _ values: inout MutableSpan<Float>) -> Void
  ) {
    precondition(
      rowCount >= 0 && columnCount >= 0 && values.count == rowCount * columnCount,
      "forEachRow: \(values.count) values for \(rowCount) × \(columnCount)")
    unsafe values.withUnsafeMutableBufferPointer { values in
      nonisolated(unsafe) let base = unsafe values
      pool.run(rowCount) { worker, row in
        let slice = unsafe UnsafeMutableBufferPointer(
          rebasing: base[(row * columnCount)..<((row + 1) * columnCount)])
        var span = unsafe MutableSpan(_unsafeElements: slice)
        body(worker, row, &span)
      }
    }
  }
}
