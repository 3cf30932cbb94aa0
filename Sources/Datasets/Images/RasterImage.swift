/// The bytes of an image, rows first and channels innermost.
package struct RasterImage: Equatable, Sendable {
  /// Makes an image of the bytes of a file; the path is named in messages.
  package typealias Decoder =
    @Sendable (_ bytes: [UInt8], _ path: String) throws(DatasetError) -> RasterImage

  package let height: Int
  package let width: Int
  /// 1 or 3.
  package let channelCount: Int
  package let bytes: [UInt8]

  /// The largest file that is read, and the most bytes of an image.
  package static let fileLimit = 1 << 28

  /// Reads a file whose first bytes say of which kind it is.
  init(path: String, decodePNG: Decoder?) throws(DatasetError) {
    let file = try InputFile(path: path)
    guard let size = file.size else {
      throw .unreadable(path: path, reason: "it is no regular file")
    }
    guard size <= Self.fileLimit else {
      throw .malformed(path: path, reason: "has \(size) bytes; at most \(Self.fileLimit) are read")
    }
    let bytes = try file.read(size)
    switch bytes.prefix(2) {
    case [0x50, 0x35], [0x50, 0x36]: self = try PortableAnymap.image(bytes, path: path)
    case [0x89, 0x50]:
      guard let decodePNG else {
        throw .malformed(path: path, reason: "is a PNG image; PGM (P5) and PPM (P6) are read here")
      }
      self = try decodePNG(bytes, path)
    default:
      throw .malformed(
        path: path,
        reason: bytes.isEmpty
          ? "the file is empty"
          : "is no image in the format PNG, PGM (P5) or PPM (P6), eight bits a sample")
    }
  }

  /// - Precondition: as many bytes as there are samples.
  package init(height: Int, width: Int, channelCount: Int, bytes: [UInt8]) {
    precondition(
      bytes.count == height * width * channelCount,
      "\(bytes.count) bytes for \(height)x\(width)x\(channelCount)")
    self.height = height
    self.width = width
    self.channelCount = channelCount
    self.bytes = bytes
  }

  var extents: String { "\(height)x\(width)" + (channelCount == 1 ? "" : "x\(channelCount)") }
}
