// The unchecked bodies of the dense products of ordinary size.

extension Gemm {
  /// Computes `c[r, j] = start[j] + Σ_p a[r × rowStride + p × step] × b[p, j]`, p ascending.
  ///
  /// `b` and `c` are row-major with `columns` values per row; no `start` means +0. Rows are split
  /// evenly into tiles of at most six, columns into strips of two vectors of eight; the last strip
  /// may overlap its neighbor, which writes the same bits twice.
  static func multiply(
    _ a: UnsafePointer<Float>?, rowStride: Int, step: Int, _ b: UnsafePointer<Float>?,
    start: UnsafePointer<Float>?, into c: UnsafeMutablePointer<Float>?,
    rows: Int, columns: Int, depth: Int
  ) {
    guard let c = unsafe c, rows > 0, columns > 0 else { return }
    // Empty factors have no address; with depth 0 it is never read.
    let a = unsafe a ?? UnsafePointer(c)
    let b = unsafe b ?? UnsafePointer(c)
    let strip = unsafe Strip(
      a: a, rowStride: rowStride, step: step, b: b, columnStride: columns, start: start,
      c: c, columns: columns, depth: depth)
    unsafe strip.runTiles(rows: rows, columns: columns)
  }

  /// Computes `c[r, j] = Σ_p a[r, p] × matrix[j, p]`, p ascending from +0.
  ///
  /// All are row-major. Strips of sixteen rows of `matrix` are transposed into `scratch` just before
  /// they are used, which keeps them in the nearest cache.
  static func multiplyTransposed(
    _ a: UnsafePointer<Float>?, _ matrix: UnsafePointer<Float>?,
    scratch: UnsafeMutablePointer<Float>?, into c: UnsafeMutablePointer<Float>?,
    rows: Int, columns: Int, depth: Int
  ) {
    guard let a = unsafe a, let matrix = unsafe matrix, let scratch = unsafe scratch,
      columns >= 16, depth >= 1
    else {
      unsafe transpose(matrix, into: scratch, rows: columns, columns: depth)
      unsafe multiply(
        a, rowStride: depth, step: 1, scratch.map { unsafe UnsafePointer($0) }, start: nil,
        into: c, rows: rows, columns: columns, depth: depth)
      return
    }
    guard let c = unsafe c, rows > 0 else { return }
    var column = 0
    while column < columns {
      column = min(column, columns &- 16)
      unsafe transposeStrip(matrix + column &* depth, into: scratch, columns: depth)
      let strip = unsafe Strip(
        a: a, rowStride: depth, step: 1, b: UnsafePointer(scratch), columnStride: 16, start: nil,
        c: c + column, columns: columns, depth: depth)
      unsafe strip.runTiles(rows: rows, columns: 16)
      column &+= 16
    }
  }
}
