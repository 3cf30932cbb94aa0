/// Images of Netpbm with binary samples: P5 is gray, P6 is color.
///
/// After the magic stand width, height and the largest sample, with white space and comments (from
/// `#` to the end of the line) between them, one white space, and the samples.
enum PortableAnymap {
  static func image(_ bytes: [UInt8], path: String) throws(DatasetError) -> RasterImage {
    var place = 2
    let channelCount = bytes[1] == 0x35 ? 1 : 3
    func number(_ what: String) throws(DatasetError) -> Int {
      let gap = place
      while place < bytes.count, isSpace(bytes[place]) || bytes[place] == UInt8(ascii: "#") {
        if bytes[place] == UInt8(ascii: "#") {
          while place < bytes.count, bytes[place] != 0x0a { place += 1 }
        } else {
          place += 1
        }
      }
      var value = 0
      let first = place
      while place < bytes.count, (48...57).contains(bytes[place]), place - first < 9 {
        value = 10 * value + Int(bytes[place] - 48)
        place += 1
      }
      guard place > first, first > gap, value > 0 else {
        throw .malformed(path: path, reason: "malformed header: the \(what) is no number above 0")
      }
      return value
    }
    let width = try number("width")
    let height = try number("height")
    let largest = try number("largest sample")
    guard largest == 255 else {
      throw .malformed(
        path: path, reason: "has samples up to \(largest); those of eight bits, up to 255, are read"
      )
    }
    guard place < bytes.count, isSpace(bytes[place]) else {
      throw .malformed(path: path, reason: "malformed header: no white space before the samples")
    }
    place += 1
    // Nine digits each: no overflow.
    let (pixels, isOverflow) = width.multipliedReportingOverflow(by: height * channelCount)
    guard !isOverflow, pixels == bytes.count - place else {
      throw .malformed(
        path: path,
        reason: "has \(bytes.count - place) bytes of samples, and \(width) x \(height) x "
          + "\(channelCount) are needed")
    }
    return RasterImage(
      height: height, width: width, channelCount: channelCount, bytes: Array(bytes[place...]))
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }
}
