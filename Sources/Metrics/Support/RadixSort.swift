/// Sorts by the bits of the values, in three passes of eleven bits.
enum RadixSort {
  private static let digitBits: UInt32 = 11
  private static let digitCount = 1 << 11

  /// Returns the values in ascending order, −0 before +0.
  ///
  /// - Precondition: No value is NaN; one would go to either end.
  /// - Complexity: O(count).
  static func ascending(_ values: [Float]) -> [Float] {
    // Flipped like this, bits order as values do.
    var keys = values.map { value in
      let bits = value.bitPattern
      return bits ^ (bits >> 31 == 1 ? .max : 1 << 31)
    }
    var sorted = keys
    for pass in 0..<3 as Range<UInt32> {
      let shift = pass * digitBits
      var places = [Int](repeating: 0, count: digitCount)
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
    return keys.map { key in
      Float(bitPattern: key ^ (key >> 31 == 1 ? 1 << 31 : .max))
    }
  }

  private static func digit(_ key: UInt32, _ shift: UInt32) -> Int {
    Int(key >> shift) & (digitCount - 1)
  }
}
