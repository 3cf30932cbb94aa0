/// Writes PNG images without compression, well-formed or damaged at will.
enum PNGFile {
  /// The kinds of color of the format.
  enum Color: UInt8 {
    case gray = 0
    case rgb = 2
    case palette = 3
    case grayAlpha = 4
    case rgbAlpha = 6
  }

  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// A file of rows as they are stored, each with its filter in front; `parts` come before them.
  static func bytes(
    width: Int, height: Int, depth: UInt8 = 8, _ color: Color, interlaced: Bool = false,
    parts: [(String, [UInt8])] = [], rows: [UInt8]
  ) -> [UInt8] {
    let header = number(width) + number(height) + [depth, color.rawValue, 0, 0, interlaced ? 1 : 0]
    return signature + part("IHDR", header) + parts.flatMap { part($0.0, $0.1) }
      + part("IDAT", packed(rows)) + part("IEND", [])
  }

  /// Length, name, contents and checksum.
  static func part(_ name: String, _ contents: [UInt8]) -> [UInt8] {
    let checked = Array(name.utf8) + contents
    return number(contents.count) + checked + number(Int(cyclicSum(checked)))
  }

  /// Contents in one stored block of zlib.
  private static func packed(_ bytes: [UInt8]) -> [UInt8] {
    precondition(bytes.count < 65_536)
    let low = UInt8(bytes.count & 255)
    let high = UInt8(bytes.count >> 8)
    var (a, b) = (1, 0)
    for byte in bytes {
      a = (a + Int(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return [0x78, 0x01, 1, low, high, ~low, ~high] + bytes + number(b << 16 | a)
  }

  private static func number(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private static func cyclicSum(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = .max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : (sum >> 1) ^ 0xedb8_8320 }
    }
    return ~sum
  }
}
