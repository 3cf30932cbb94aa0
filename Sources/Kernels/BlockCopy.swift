/// A block of a matrix that is copied to where its rows lie closer together.
@unsafe struct BlockCopy {
  let source: UnsafePointer<Float>
  let sourceStride: Int
  let target: UnsafeMutablePointer<Float>
  let targetStride: Int
  let rows: Int
  let columns: Int

  /// The rows that are copied along with one of several tiles.
  func share(_ index: Int, of count: Int) -> Range<Int> {
    unsafe index &* rows / count..<(index &+ 1) &* rows / count
  }

  /// Copies sixteen columns of some rows, if the block reaches as far.
  @inline(__always)
  func copyStrip(_ rows: Range<Int>, _ column: Int) {
    let (sourceStride, targetStride, columns) = unsafe (sourceStride, targetStride, columns)
    if column >= columns { return }
    var from = unsafe source + (rows.lowerBound &* sourceStride &+ column)
    var to = unsafe target + (rows.lowerBound &* targetStride &+ column)
    for _ in 0..<rows.count {
      let low = unsafe load(from)
      let high = unsafe load(from + 8)
      unsafe store(low, to)
      unsafe store(high, to + 8)
      unsafe from += sourceStride
      unsafe to += targetStride
    }
  }

  /// Copies all rows from a column on that is a multiple of sixteen.
  func copy(from column: Int) {
    let (rows, columns) = unsafe (rows, columns)
    for row in 0..<rows {
      let from = unsafe source + row &* sourceStride
      let to = unsafe target + row &* targetStride
      var column = column
      while column &+ 16 <= columns {
        let low = unsafe load(from + column)
        let high = unsafe load(from + (column &+ 8))
        unsafe store(low, to + column)
        unsafe store(high, to + (column &+ 8))
        column &+= 16
      }
      while column < columns {
        unsafe to[column] = from[column]
        column &+= 1
      }
    }
  }
}

@inline(__always)
private func load(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
  unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
}

@inline(__always)
private func store(_ vector: SIMD8<Float>, _ pointer: UnsafeMutablePointer<Float>) {
  unsafe UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: SIMD8<Float>.self)
}
