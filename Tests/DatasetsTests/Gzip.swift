/// Writes gzip data without compression, for tests that need it well-formed or damaged at will.
enum Gzip {
  static func member(_ bytes: [UInt8]) -> [UInt8] {
    precondition(bytes.count < 65_536)
    let size = littleEndian(UInt32(bytes.count))
    let block = [1, size[0], size[1], ~size[0], ~size[1]] + bytes
    return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255] + block + littleEndian(checksum(bytes)) + size
  }

  private static func littleEndian(_ value: UInt32) -> [UInt8] {
    [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = .max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : (sum >> 1) ^ 0xedb8_8320 }
    }
    return ~sum
  }
}
