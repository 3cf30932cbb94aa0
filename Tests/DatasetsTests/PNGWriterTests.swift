import Testing

@testable import Datasets

@Suite struct PNGWriterTests {
  /// The chunks of a file: name, data and checksum.
  private func chunks(_ bytes: [UInt8]) -> [(name: String, data: [UInt8], checksum: UInt32)] {
    func number(_ place: Int) -> UInt32 {
      bytes[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
    var place = 8
    var chunks: [(name: String, data: [UInt8], checksum: UInt32)] = []
    while place + 12 <= bytes.count {
      let count = Int(number(place))
      let name = String(decoding: bytes[place + 4..<place + 8], as: UTF8.self)
      chunks.append(
        (name, Array(bytes[place + 8..<place + 8 + count]), number(place + 8 + count)))
      place += 12 + count
    }
    return chunks
  }

  /// The checksum bit by bit, as the standard's annex defines it.
  private func checksum(_ bytes: [UInt8]) -> UInt32 {
    var value: UInt32 = 0xffff_ffff
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
    }
    return ~value
  }

  private func inflated(_ data: [UInt8], count: Int) throws -> [UInt8] {
    // Without the two bytes of the header; four of the checksum follow.
    var body = Array(data.dropFirst(2))
    var output = [UInt8](repeating: 0, count: count)
    let inflater = try Inflater(.none, path: "png")
    var span = output.mutableSpan
    let (_, made) = try inflater.inflate(&body, from: 0, into: &span, at: 0)
    #expect(made == count)
    return output
  }

  @Test func whatIsWrittenIsWhatIsDrawn() throws {
    let pixels: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    let bytes = try PNGWriter.bytes(of: pixels, width: 3, height: 2)
    #expect(Array(bytes.prefix(8)) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    let chunks = chunks(bytes)
    #expect(chunks.map(\.name) == ["IHDR", "IDAT", "IEND"])
    for chunk in chunks {
      #expect(chunk.checksum == checksum(Array(chunk.name.utf8) + chunk.data))
    }
    #expect(chunks[0].data == [0, 0, 0, 3, 0, 0, 0, 2, 8, 2, 0, 0, 0])
    #expect(chunks[2].checksum == 0xae42_6082)
    let rows = try inflated(chunks[1].data, count: 20)
    #expect(rows == [0] + pixels.prefix(9) + [0] + pixels.suffix(9))
    #expect(chunks.reduce(8) { $0 + 12 + $1.data.count } == bytes.count)
  }

  @Test func equalPixelsGiveEqualBytes() throws {
    let pixels = (0..<300).map { UInt8($0 % 251) }
    #expect(
      try PNGWriter.bytes(of: pixels, width: 10, height: 10)
        == PNGWriter.bytes(of: pixels, width: 10, height: 10))
  }

  @Test func aMissingFolderIsAnError() {
    let path = "/no-such-folder-of-pictures/p.png"
    let error = #expect(throws: DatasetError.self) {
      try PNGWriter.write([1, 2, 3], width: 1, height: 1, to: path)
    }
    #expect(error?.description.hasPrefix(path + ": cannot be written: ") == true)
  }
}
