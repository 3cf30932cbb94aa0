// Products with a factor that is wider than the nearest caches. Its rows lie so far apart that strips
// of it miss caches and page tables at every step; blocks of it are copied to where they do not.

extension Gemm {
  /// The most values of the summed index in a block of `multiplyBlocks`: eight for each of the tiles
  /// of a batch of 32.
  private static let blockDepth = 48
  /// The most columns of a block.
  private static let blockWidth = 512
  /// From row to row of a copied block: an odd number of cache lines, so that all sets are used.
  private static let blockStride = blockWidth + 16
  /// The rows of the output whose factors `multiplyOuter` copies at one time: eight tiles.
  private static let groupSize = 48
  /// The most values of the summed index in a block of `multiplyOuter`.
  private static let outerDepth = 64

  /// The number of values that the products of wide matrices need as scratch.
  static let blockScratchCount = 2 * blockDepth * blockStride

  /// Computes `c[r, j] = start[j] + Σ_p a[r, p] × b[p, j]`, p ascending, for a wide `b`.
  ///
  /// Between blocks of p the sums wait in `c`, which rounds nothing that the chain does not. While
  /// one block is multiplied, the next one is copied, a little after each tile, so that the tiles
  /// hide the time that memory takes.
  static func multiplyBlocks(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, start: UnsafePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, into c: UnsafeMutablePointer<Float>,
    rows: Int, columns: Int, depth: Int
  ) {
    let whole = columns & ~15
    var current = unsafe scratch
    var other = unsafe scratch + blockDepth &* blockStride
    /// The block that begins at (p, column).
    func block(_ p: Int, _ column: Int, _ target: UnsafeMutablePointer<Float>) -> BlockCopy {
      unsafe BlockCopy(
        source: b + (p &* columns &+ column), sourceStride: columns, target: target,
        targetStride: blockStride, rows: min(blockDepth, depth &- p),
        columns: min(blockWidth, whole &- column))
    }
    unsafe block(0, 0, current).copy(from: 0)
    for p in stride(from: 0, to: depth, by: blockDepth) {
      for column in stride(from: 0, to: whole, by: blockWidth) {
        let width = min(blockWidth, whole &- column)
        var next: BlockCopy?
        if column &+ width < whole {
          unsafe next = block(p, column &+ width, other)
        } else if p &+ blockDepth < depth {
          unsafe next = block(p &+ blockDepth, 0, other)
        }
        let target = unsafe c + column
        let strip = unsafe Strip(
          a: a + p, rowStride: depth, step: 1, b: UnsafePointer(current),
          columnStride: blockStride, start: p == 0 ? start + column : UnsafePointer(target),
          c: target, columns: columns, depth: min(blockDepth, depth &- p))
        unsafe strip.runBlock(
          rows: rows, columns: width, startStride: p == 0 ? 0 : columns, copying: next)
        unsafe swap(&current, &other)
      }
    }
    unsafe multiplyRest(
      a, rowStride: depth, step: 1, b, start: start, into: c, rows: rows, columns: columns,
      depth: depth)
  }

  /// Computes `c[r, j] = Σ_p a[p, r] × b[p, j]`, p ascending from +0, for a wide `c`.
  ///
  /// Between blocks of p the sums wait in `c`.
  static func multiplyOuter(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, into c: UnsafeMutablePointer<Float>,
    rows: Int, columns: Int, depth: Int
  ) {
    let whole = columns & ~15
    for p in stride(from: 0, to: depth, by: outerDepth) {
      let count = min(outerDepth, depth &- p)
      let right = unsafe scratch + outerDepth &* groupSize
      for column in stride(from: 0, to: whole, by: blockWidth) {
        let width = min(blockWidth, whole &- column)
        unsafe BlockCopy(
          source: b + (p &* columns &+ column), sourceStride: columns, target: right,
          targetStride: blockStride, rows: count, columns: width
        ).copy(from: 0)
        for row in stride(from: 0, to: rows, by: groupSize) {
          let height = min(groupSize, rows &- row)
          unsafe BlockCopy(
            source: a + (p &* rows &+ row), sourceStride: rows, target: scratch,
            targetStride: groupSize, rows: count, columns: height
          ).copy(from: 0)
          let target = unsafe c + (row &* columns &+ column)
          let strip = unsafe Strip(
            a: UnsafePointer(scratch), rowStride: 1, step: groupSize, b: UnsafePointer(right),
            columnStride: blockStride, start: p == 0 ? nil : UnsafePointer(target), c: target,
            columns: columns, depth: count)
          unsafe strip.runBlock(rows: height, columns: width, startStride: columns, copying: nil)
        }
      }
    }
    unsafe multiplyRest(
      a, rowStride: 1, step: rows, b, start: nil, into: c, rows: rows, columns: columns,
      depth: depth)
  }

  /// Computes the columns behind the last whole strip, all of the summed index at once.
  ///
  /// At least eight: those of the last strip among them get the same bits again.
  private static func multiplyRest(
    _ a: UnsafePointer<Float>, rowStride: Int, step: Int, _ b: UnsafePointer<Float>,
    start: UnsafePointer<Float>?, into c: UnsafeMutablePointer<Float>,
    rows: Int, columns: Int, depth: Int
  ) {
    guard columns % 16 != 0 else { return }
    let width = max(columns % 16, 8)
    let first = columns &- width
    let strip = unsafe Strip(
      a: a, rowStride: rowStride, step: step, b: b + first, columnStride: columns,
      start: start.map { unsafe $0 + first }, c: c + first, columns: columns, depth: depth)
    unsafe strip.runTiles(rows: rows, columns: width)
  }
}
