/// Copies and fills at memory speed, also when called from generic code of another module.
public enum Memory {
  /// Copies all elements of `source` over those of `target`.
  ///
  /// - Parameters:
  ///   - source: What is copied.
  ///   - target: What is overwritten.
  /// - Precondition: `source.count == target.count`
  /// - Complexity: O(`source.count`); one block move, nothing is allocated.
  public static func copy<Element: BitwiseCopyable>(
    _ source: Span<Element>, into target: inout MutableSpan<Element>
  ) {
    precondition(
      source.count == target.count,
      "Memory.copy: \(source.count) elements into \(target.count)")
    unsafe source.withUnsafeBytes { source in
      // As bytes: an unspecialized copy of elements asks their type for the way to copy them.
      unsafe target.withUnsafeMutableBytes { unsafe $0.copyMemory(from: source) }
    }
  }

  /// Copies the elements at `range` to the positions from `start` on; the two may overlap.
  ///
  /// - Parameters:
  ///   - range: What is copied.
  ///   - start: Where the first of them goes.
  ///   - values: What is changed in place.
  /// - Precondition: Both lie within `values`.
  /// - Complexity: O(`range.count`); one block move, nothing is allocated.
  public static func move<Element: BitwiseCopyable>(
    _ range: Range<Int>, to start: Int, in values: inout MutableSpan<Element>
  ) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= values.count && start >= 0
        && start + range.count <= values.count,
      "Memory.move: \(range) to \(start) in \(values.count) elements")
    let size = MemoryLayout<Element>.stride
    unsafe values.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      unsafe (base + start * size).copyMemory(
        from: base + range.lowerBound * size, byteCount: range.count * size)
    }
  }

  /// Sets every value of `target`.
  ///
  /// - Parameters:
  ///   - target: What is overwritten.
  ///   - value: The value.
  /// - Complexity: O(`target.count`).
  public static func fill(_ target: inout MutableSpan<Float>, with value: Float) {
    unsafe target.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: value) }
  }

  /// Tells whether two spans have the same bits; it ends with the first difference.
  ///
  /// - Parameters:
  ///   - first: Some values.
  ///   - second: Others.
  /// - Returns: Whether there are as many, with the same bits.
  /// - Complexity: O(`first.count`); nothing is allocated.
  public static func areEqual(_ first: Span<Float>, _ second: Span<Float>) -> Bool {
    guard first.count == second.count else { return false }
    return unsafe first.withUnsafeBytes { first in
      unsafe second.withUnsafeBytes { second in
        guard let a = first.baseAddress, let b = second.baseAddress else { return true }
        let vectorEnd = first.count & ~31
        for place in stride(from: 0, to: vectorEnd, by: 32) {
          let x = unsafe a.loadUnaligned(fromByteOffset: place, as: SIMD4<UInt64>.self)
          let y = unsafe b.loadUnaligned(fromByteOffset: place, as: SIMD4<UInt64>.self)
          if x != y { return false }
        }
        for place in vectorEnd..<first.count where unsafe first[place] != second[place] {
          return false
        }
        return true
      }
    }
  }
}
