/// Vectors of which only the first one to eight values lie in memory.
enum PartialVector {
  /// Reads the first `count` values, and nothing behind; the others are +0.
  @inline(__always)
  static func load(_ pointer: UnsafePointer<Float>, _ count: Int) -> SIMD8<Float> {
    var source = unsafe UnsafeRawPointer(pointer)
    if count == 8 { return unsafe source.loadUnaligned(as: SIMD8<Float>.self) }
    var low = SIMD4<Float>(repeating: 0)
    var high = low
    if count & 4 != 0 {
      unsafe low = source.loadUnaligned(as: SIMD4<Float>.self)
      unsafe source += 16
    }
    var rest = SIMD4<Float>(repeating: 0)
    if count & 2 != 0 {
      let pair = unsafe source.loadUnaligned(as: SIMD2<Float>.self)
      rest.lowHalf = pair
      unsafe source += 8
    }
    if count & 1 != 0 { unsafe rest[count & 2] = source.loadUnaligned(as: Float.self) }
    if count & 4 != 0 { high = rest } else { low = rest }
    return SIMD8(lowHalf: low, highHalf: high)
  }

  /// Writes the first `count` values, and nothing behind.
  @inline(__always)
  static func store(
    _ vector: SIMD8<Float>, _ count: Int, _ pointer: UnsafeMutablePointer<Float>
  ) {
    var target = UnsafeMutableRawPointer(pointer)
    if count == 8 {
      unsafe target.storeBytes(of: vector, as: SIMD8<Float>.self)
      return
    }
    var rest = vector.lowHalf
    if count & 4 != 0 {
      unsafe target.storeBytes(of: rest, as: SIMD4<Float>.self)
      unsafe target += 16
      rest = vector.highHalf
    }
    if count & 2 != 0 {
      unsafe target.storeBytes(of: rest.lowHalf, as: SIMD2<Float>.self)
      unsafe target += 8
      rest.lowHalf = rest.highHalf
    }
    if count & 1 != 0 { unsafe target.storeBytes(of: rest[0], as: Float.self) }
  }
}
