/// Sorts values that are not negative by their bits, in passes of eleven.
enum AscendingValues {
  private static let digitBits: UInt64 = 11
  private static let digitCount = 1 << 11
  /// Below this many values comparing is faster.
  private static let leastCount = 1 << 10

  /// Returns the values in ascending order.
  ///
  /// - Precondition: No value is negative, −0 or NaN.
  /// - Complexity: O(count) from a thousand values on.
  static func sorted(_ values: [Double]) -> [Double] {
    guard values.count >= leastCount else { return values.sorted() }
    var keys = values.map(\.bitPattern)
    // Digits in which all values agree order nothing.
    let first = keys[0]
    let differing = keys.reduce(0) { $0 | ($1 ^ first) }
    var sorted = keys
    var places = [Int](repeating: 0, count: digitCount)
    for shift in stride(from: 0, to: UInt64(64), by: Int(digitBits)) {
      guard differing >> shift & UInt64(digitCount - 1) != 0 else { continue }
      for index in places.indices { places[index] = 0 }
      for key in keys { places[digit(key, shift)] += 1 }
      var next = 0
      for index in places.indices { (places[index], next) = (next, next + places[index]) }
      for key in keys {
        let digit = digit(key, shift)
        sorted[places[digit]] = key
        places[digit] += 1
      }
      swap(&keys, &sorted)
    }
    return keys.map { Double(bitPattern: $0) }
  }

  private static func digit(_ key: UInt64, _ shift: UInt64) -> Int {
    Int(truncatingIfNeeded: key >> shift) & (digitCount - 1)
  }
}
