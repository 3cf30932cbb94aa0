extension Gemm {
  /// Writes `transposed[j, k] = matrix[k, j]` for a row-major `rows × columns` matrix.
  ///
  /// Blocks of 8 × 8; the last ones may overlap their neighbors, which moves the same values twice.
  static func transpose(
    _ matrix: UnsafePointer<Float>?, into transposed: UnsafeMutablePointer<Float>?,
    rows: Int, columns: Int
  ) {
    guard let matrix = unsafe matrix, let transposed = unsafe transposed else { return }
    guard rows >= 8 && columns >= 8 else {
      for row in 0..<rows {
        for column in 0..<columns {
          unsafe transposed[column &* rows &+ row] = matrix[row &* columns &+ column]
        }
      }
      return
    }
    var column = 0
    while column < columns {
      column = min(column, columns &- 8)
      var row = 0
      while row < rows {
        row = min(row, rows &- 8)
        unsafe transpose8(
          matrix + (row &* columns &+ column), stride: columns,
          into: transposed + (column &* rows &+ row), stride: rows)
        row &+= 8
      }
      column &+= 8
    }
  }

  /// Transposes sixteen rows; a fixed number of rows makes for simple addresses.
  static func transposeStrip(
    _ matrix: UnsafePointer<Float>, into transposed: UnsafeMutablePointer<Float>, columns: Int
  ) {
    guard columns >= 8 else {
      unsafe transpose(matrix, into: transposed, rows: 16, columns: columns)
      return
    }
    var column = 0
    while column < columns {
      column = min(column, columns &- 8)
      unsafe transpose8(
        matrix + column, stride: columns, into: transposed + 16 &* column, stride: 16)
      unsafe transpose8(
        matrix + (8 &* columns &+ column), stride: columns,
        into: transposed + (16 &* column &+ 8), stride: 16)
      column &+= 8
    }
  }
}

@inline(__always)
private func store(_ vector: SIMD8<Float>, _ pointer: UnsafeMutablePointer<Float>) {
  unsafe UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: SIMD8<Float>.self)
}

/// Transposes one block of 8 × 8 in registers: halves, then singles, then pairs change places.
///
/// Each stage has its own element type, or the compiler takes the stages apart into single elements.
@inline(__always)
private func transpose8(
  _ source: UnsafePointer<Float>, stride: Int, into target: UnsafeMutablePointer<Float>,
  stride targetStride: Int
) {
  for half in 0..<2 {
    let top = unsafe source + 4 &* half
    let r0 = unsafe loadHalves(top, top + 4 &* stride)
    let r1 = unsafe loadHalves(top + stride, top + 5 &* stride)
    let r2 = unsafe loadHalves(top + 2 &* stride, top + 6 &* stride)
    let r3 = unsafe loadHalves(top + 3 &* stride, top + 7 &* stride)
    let a0 = interleaveLow(r0, r1)
    let a1 = interleaveLow(r2, r3)
    let a2 = interleaveHigh(r0, r1)
    let a3 = interleaveHigh(r2, r3)
    let out = unsafe target + 4 &* half &* targetStride
    unsafe store(pairs(SIMD4(a0[0], a1[0], a0[2], a1[2])), out)
    unsafe store(pairs(SIMD4(a0[1], a1[1], a0[3], a1[3])), out + targetStride)
    unsafe store(pairs(SIMD4(a2[0], a3[0], a2[2], a3[2])), out + 2 &* targetStride)
    unsafe store(pairs(SIMD4(a2[1], a3[1], a2[3], a3[3])), out + 3 &* targetStride)
  }
}

/// Four values from each address, the second ones in the high half.
@inline(__always)
private func loadHalves(_ low: UnsafePointer<Float>, _ high: UnsafePointer<Float>) -> SIMD8<Float> {
  let halves = unsafe SIMD4<UInt64>(
    lowHalf: UnsafeRawPointer(low).loadUnaligned(as: SIMD2<UInt64>.self),
    highHalf: UnsafeRawPointer(high).loadUnaligned(as: SIMD2<UInt64>.self))
  return pairs(halves)
}

/// The pairs (x0, y0), (x1, y1) of each half, as one element per pair.
@inline(__always)
private func interleaveLow(_ x: SIMD8<Float>, _ y: SIMD8<Float>) -> SIMD4<UInt64> {
  unsafe unsafeBitCast(
    SIMD8(x[0], y[0], x[1], y[1], x[4], y[4], x[5], y[5]), to: SIMD4<UInt64>.self)
}

/// The pairs (x2, y2), (x3, y3) of each half, as one element per pair.
@inline(__always)
private func interleaveHigh(_ x: SIMD8<Float>, _ y: SIMD8<Float>) -> SIMD4<UInt64> {
  unsafe unsafeBitCast(
    SIMD8(x[2], y[2], x[3], y[3], x[6], y[6], x[7], y[7]), to: SIMD4<UInt64>.self)
}

/// The elements as pairs of values.
@inline(__always)
private func pairs(_ vector: SIMD4<UInt64>) -> SIMD8<Float> {
  unsafe unsafeBitCast(vector, to: SIMD8<Float>.self)
}
