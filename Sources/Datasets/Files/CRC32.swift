import CZlib

/// The checksum of ZIP archives, built up piece by piece.
///
/// One of the files that wrap a C library, hence the acknowledged pointers.
struct CRC32 {
  /// The checksum of the bytes so far; zero for none.
  private(set) var value: UInt32 = 0

  /// Takes up the bytes of `values` in the order of memory.
  mutating func update<Element: BitwiseCopyable>(_ values: borrowing Span<Element>) {
    let previous = value
    value = unsafe values.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return previous }
      let bytes = unsafe base.assumingMemoryBound(to: UInt8.self)
      return unsafe UInt32(truncatingIfNeeded: crc32_z(UInt(previous), bytes, buffer.count))
    }
  }
}
