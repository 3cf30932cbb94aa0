/// The values of largest magnitude of a vector, of equal ones those of lower index.
///
/// Counts the bits of the magnitudes, which order like them, instead of sorting: first the upper
/// halves, then the lower halves within the one that holds the last value to take.
struct LargestMagnitudes {
  /// The bits of the least magnitude that is taken.
  let limit: UInt32
  /// How many values of exactly this magnitude are still to be taken.
  fileprivate var room: Int

  /// Looks for the `count` largest magnitudes.
  ///
  /// - Precondition: `0 < count <= values.count`
  /// - Complexity: O(d), with 512 KiB.
  init(_ count: Int, of values: Span<Float>) {
    let (upper, above) = Self.half(of: values, at: count) { Int($0 >> 16) }
    let (lower, equal) = Self.half(of: values, at: count - above) {
      Int($0 >> 16) == upper ? Int($0 & 0xffff) : nil
    }
    limit = UInt32(upper) << 16 | UInt32(lower)
    room = count - above - equal
  }

  /// Says whether a value is among them; to be asked once for each value, in their order.
  @inline(__always)
  mutating func takes(_ value: Float) -> Bool {
    let bits = value.magnitude.bitPattern
    if bits != limit { return bits > limit }
    guard room > 0 else { return false }
    room -= 1
    return true
  }

  /// Returns the largest half-word from which up at least `count` magnitudes lie, and how many lie
  /// above it.
  @inline(__always)
  private static func half(
    of values: Span<Float>, at count: Int, _ key: (UInt32) -> Int?
  ) -> (half: Int, above: Int) {
    var counts = [Int](repeating: 0, count: 1 << 16)
    for index in values.indices {
      if let key = key(values[index].magnitude.bitPattern) { counts[key] += 1 }
    }
    var above = 0
    for half in counts.indices.reversed() {
      guard above + counts[half] < count else { return (half, above) }
      above += counts[half]
    }
    preconditionFailure("\(count) values to take of \(above)")
  }
}

/// Sets all but the `count` values of largest magnitude to zero, of equal ones those of higher index.
///
/// - Precondition: `0 < count <= values.count`
func keepLargest(_ count: Int, of values: inout MutableSpan<Float>) {
  let largest = LargestMagnitudes(count, of: values.span)
  var room = largest.room
  for index in values.indices {
    let bits = values[index].magnitude.bitPattern
    if bits > largest.limit { continue }
    if bits == largest.limit && room > 0 {
      room -= 1
    } else {
      values[index] = 0
    }
  }
}
