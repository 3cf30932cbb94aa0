extension Gemm {
  /// Writes the column sums of `rows × columns` values, from +0 over the rows ascending.
  static func addRows(
    _ values: UnsafePointer<Float>?, into sums: UnsafeMutablePointer<Float>?,
    rows: Int, columns: Int
  ) {
    guard let sums = unsafe sums, columns > 0 else { return }
    let values = unsafe values ?? UnsafePointer(sums)
    var column = 0
    while column < columns {
      if columns >= 8 {
        // The last eight may overlap the ones before: the same sums are written twice.
        column = min(column, columns &- 8)
        unsafe addRows8(values + column, into: sums + column, rows: rows, columns: columns)
        column &+= 8
      } else {
        var sum: Float = 0
        for row in 0..<rows { unsafe sum += values[row &* columns &+ column] }
        unsafe sums[column] = sum
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

@inline(__always)
private func addRows8(
  _ values: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>, rows: Int, columns: Int
) {
  var total = SIMD8<Float>(repeating: 0)
  var row = unsafe values
  for _ in 0..<rows {
    unsafe total += load(row)
    unsafe row += columns
  }
  unsafe store(total, sums)
}
