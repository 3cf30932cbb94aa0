import Glibc
import PNGImages

@testable import Datasets

/// Readers of what others packed: images of PNG, and archives of tar.
enum FetchedParsers {
  private static let scratch = ScratchFolder("tar")
  private static let unpacked = ScratchFolder("tar", "data")

  /// As the bytes are, and with the checksums that they should have: few inputs had right ones else.
  static func png(_ bytes: [UInt8]) throws {
    _ = try? PNGDecoder.image(bytes, path: "a.png")
    let image = try PNGDecoder.image(withRightSums(bytes), path: "a.png")
    require(
      image.bytes.count == image.height * image.width * image.channelCount,
      "an image of another size than it says")
    guard image.channelCount == 3, image.height > 0, image.width > 0 else { return }
    let written = try PNGWriter.bytes(of: image.bytes, width: image.width, height: image.height)
    require(
      try PNGDecoder.image(written, path: "b.png") == image,
      "an image that is not read as it was written")
  }

  private static func withRightSums(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    // Behind the signature: length, name, contents and checksum of each part.
    var place = 8
    while place + 12 <= bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = place + 8 + length
      guard end + 4 <= bytes.count else { break }
      var sum = CRC32()
      sum.update(Array(bytes[place + 4..<end]).span)
      for index in 0..<4 {
        bytes[end + index] = UInt8(truncatingIfNeeded: sum.value >> (24 - 8 * UInt32(index)))
      }
      place = end + 4
    }
    return bytes
  }

  /// Two files of an archive, raw or gzip; once more, they are those that are there.
  ///
  /// A raw one has the sums that it should have: few inputs had right ones else.
  static func tar(_ bytes: [UInt8]) throws {
    let contents = TapeArchive.Contents(folder: "data", sizes: ["a": 3, "b": 600])
    for name in contents.sizes.keys { unsafe unlink(unpacked.path + "/" + name) }
    let isRaw = !bytes.starts(with: [0x1f, 0x8b])
    let path = scratch.write(isRaw ? withRightTapeSums(bytes) : bytes, to: "archive")
    require(
      try TapeArchive.unpack(path, contents, into: scratch.path).isEmpty,
      "files that were there before the archive")
    require(
      try TapeArchive.unpack(path, contents, into: scratch.path).isEmpty,
      "files that are not those of their archive")
  }

  private static func withRightTapeSums(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var place = 0
    while place + 512 <= bytes.count, bytes[place..<place + 512].contains(where: { $0 != 0 }) {
      for index in 148..<156 { bytes[place + index] = 32 }
      let sum = bytes[place..<place + 512].reduce(0) { $0 + Int($1) }
      for (index, digit) in String(sum, radix: 8).utf8.enumerated() {
        bytes[place + 148 + index] = digit
      }
      let digits = bytes[place + 124..<place + 136].drop { $0 == 32 }.prefix {
        (48...55).contains($0)
      }
      let size = Int(String(decoding: digits, as: UTF8.self), radix: 8) ?? 0
      place += 512 + min(bytes.count, size + 511) / 512 * 512
    }
    return bytes
  }
}
