/// Writes pictures in the format PNG (ISO/IEC 15948): eight bits each of red, green and blue.
///
/// Equal pixels give equal bytes: nothing is said of time or program.
public enum PNGWriter {
  /// Writes a file that appears once it is complete.
  ///
  /// - Parameters:
  ///   - pixels: Three bytes for each pixel, row by row.
  ///   - width: The pixels of a row.
  ///   - height: The rows.
  ///   - path: The file; `-` is standard output.
  /// - Throws: Where the file cannot be written.
  /// - Precondition: As many bytes as the extents ask for, which are positive.
  public static func write(
    _ pixels: [UInt8], width: Int, height: Int, to path: String
  ) throws(DatasetError) {
    let bytes = try bytes(of: pixels, width: width, height: height, path: path)
    let file = try OutputFile(path: path)
    try file.write(bytes.span)
    try file.commit()
  }

  /// The bytes of the file.
  static func bytes(
    of pixels: [UInt8], width: Int, height: Int, path: String = "a picture"
  ) throws(DatasetError) -> [UInt8] {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height * 3,
      "\(pixels.count) bytes for \(width) x \(height) pixels")
    var rows: [UInt8] = []
    rows.reserveCapacity(pixels.count + height)
    for row in 0..<height {
      // No filter: the compression is good enough for images of few values.
      rows.append(0)
      rows += pixels[row * width * 3..<(row + 1) * width * 3]
    }
    // Eight bits, truecolor, and the only methods there are.
    let header = bigEndian(width) + bigEndian(height) + [8, 2, 0, 0, 0]
    return signature + chunk("IHDR", header)
      + chunk("IDAT", try Deflater.compressed(rows, path: path)) + chunk("IEND", [])
  }

  private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let content = Array(name.utf8) + data
    var checksum = CRC32()
    checksum.update(content.span)
    return bigEndian(data.count) + content + bigEndian(Int(checksum.value))
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
