/// The SHA-256 digest of bytes that arrive in pieces.
///
/// ```swift
/// var hash = SHA256()
/// hash.update(header)
/// hash.update(body)
/// let digest = hash.finalize()
/// ```
///
/// A copy goes on from where the original was. It names data; it is no part of a protection against
/// anybody who can measure times.
///
/// *Edge cases*: empty pieces change nothing; a message has at most 2^61 - 1 bytes.
/// *Determinism*: the digest depends on the bytes alone, not on how they are cut.
///
/// - Complexity: O(bytes); one allocation per hash, none per block.
/// - Note: FIPS 180-4, "Secure Hash Standard", 2015, sections 5.1.1, 5.3.3 and 6.2.
public struct SHA256: Sendable {
  /// The number of bytes in a digest.
  public static let byteCount = 32

  /// The number of bytes that are compressed at once.
  static let blockSize = 64

  private var state = CompressionState()
  /// The bytes after the last whole block, fewer than a block.
  private var rest: [UInt8] = []
  private var count: UInt64 = 0

  public init() {
    rest.reserveCapacity(Self.blockSize)
  }

  /// Appends bytes to the message.
  public mutating func update(_ bytes: [UInt8]) {
    update(bytes.span)
  }

  /// Appends bytes to the message.
  public mutating func update(_ bytes: Span<UInt8>) {
    count += UInt64(bytes.count)
    var start = 0
    if !rest.isEmpty {
      start = min(Self.blockSize - rest.count, bytes.count)
      for index in 0..<start { rest.append(bytes[index]) }
      guard rest.count == Self.blockSize else { return }
      state = state.compressing(rest.span)
      rest.removeAll(keepingCapacity: true)
    }
    while bytes.count - start >= Self.blockSize {
      state = state.compressing(bytes.extracting(start..<start + Self.blockSize))
      start += Self.blockSize
    }
    for index in start..<bytes.count { rest.append(bytes[index]) }
  }

  /// Returns the digest of the message, 32 bytes.
  public consuming func finalize() -> [UInt8] {
    // A one bit, zeros up to 8 bytes before the end of a block, the length in bits (5.1.1).
    let bitCount = count << 3
    let used = rest.count + 1
    let zeros = (2 * Self.blockSize - 8 - used) % Self.blockSize
    update([0x80] + [UInt8](repeating: 0, count: zeros) + bitCount.bigEndianBytes)
    return state.words.flatMap(\.bigEndianBytes)
  }

  /// Returns the digest of a whole message, 32 bytes.
  public static func hash(_ bytes: [UInt8]) -> [UInt8] {
    hash(bytes.span)
  }

  /// Returns the digest of a whole message, 32 bytes.
  public static func hash(_ bytes: Span<UInt8>) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finalize()
  }
}

extension FixedWidthInteger where Self: UnsignedInteger {
  /// The bytes, the most significant one first.
  fileprivate var bigEndianBytes: [UInt8] {
    stride(from: Self.bitWidth - 8, through: 0, by: -8).map {
      UInt8(truncatingIfNeeded: self >> $0)
    }
  }
}
