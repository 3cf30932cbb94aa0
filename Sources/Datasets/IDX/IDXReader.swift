/// Reads one IDX file of unsigned bytes, raw or gzip.
///
/// The format: two zero bytes, the type (8 = unsigned byte), the number of dimensions, the extents
/// as big-endian 32-bit numbers, then the values in row-major order.
final class IDXReader {
  private let file: DecodedFile
  /// The extents, slowest first; none is zero.
  let shape: [Int]
  private let headerSize: Int
  private let valueCount: Int

  /// Opens a file and checks its header, and its size where that is known without reading on.
  init(path: String, dimensionCount: Int) throws(DatasetError) {
    file = try DecodedFile(path: path)
    headerSize = 4 + 4 * dimensionCount
    var header = [UInt8](repeating: 0, count: headerSize)
    let found = try file.read(headerSize, into: &header)
    let magic: [UInt8] = [0, 0, 8, UInt8(dimensionCount)]
    guard found >= 4, header.prefix(4).elementsEqual(magic) else {
      let start = header.prefix(min(found, 4)).map(Self.hex).joined(separator: " ")
      throw .malformed(
        path: file.path,
        reason: """
          wrong magic: found \(start.isEmpty ? "nothing" : start), expected \
          \(magic.map(Self.hex).joined(separator: " ")) (IDX, unsigned bytes, \
          \(dimensionCount == 1 ? "1 dimension" : "\(dimensionCount) dimensions"))
          """)
    }
    guard found == headerSize else {
      throw .malformed(
        path: file.path, reason: "short file: expected \(headerSize) header bytes, found \(found)")
    }
    let shape = (0..<dimensionCount).map { dimension in
      header[(4 + 4 * dimension)..<(8 + 4 * dimension)].reduce(0) { $0 << 8 | Int($1) }
    }
    guard let count = Self.product(shape), count <= Int.max - headerSize else {
      throw .malformed(path: file.path, reason: "absurd size \(Self.text(shape))")
    }
    guard count > 0 else {
      throw .malformed(path: file.path, reason: "no data: its shape is \(Self.text(shape))")
    }
    self.shape = shape
    valueCount = count
    try checkSize()
  }

  /// Passes the values of the first `items` items (all by default) to `body`, in pieces.
  ///
  /// The rest is read too, so that a damaged or oversized file never goes unnoticed.
  func read(
    first items: Int? = nil, _ body: (borrowing Span<UInt8>) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let wanted = items.map { $0 * (valueCount / shape[0]) } ?? valueCount
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var done = 0
    while done < valueCount {
      let size = min(buffer.count, valueCount - done)
      let found = try file.read(size, into: &buffer)
      guard found == size else { throw sizeError(found: done + found) }
      let useful = min(size, wanted - done)
      if useful > 0 { try body(buffer.span.extracting(first: useful)) }
      done += size
    }
    while true {
      let extra = try file.read(buffer.count, into: &buffer)
      done += extra
      if extra < buffer.count { break }
    }
    guard done == valueCount else { throw sizeError(found: done) }
  }

  private func checkSize() throws(DatasetError) {
    guard let limit = file.sizeLimit else { return }
    if file.isCompressed {
      guard headerSize + valueCount <= limit else {
        throw .malformed(
          path: file.path,
          reason: "absurd size \(Self.text(shape)): the compressed data cannot hold that much")
      }
    } else {
      guard headerSize + valueCount == limit else { throw sizeError(found: limit - headerSize) }
    }
  }

  private func sizeError(found: Int) -> DatasetError {
    .malformed(
      path: file.path,
      reason: """
        \(found < valueCount ? "short file" : "extra bytes"): shape \(Self.text(shape)) expects \
        \(headerSize + valueCount) bytes, found \(headerSize + found)
        """)
  }

  private static func product(_ shape: [Int]) -> Int? {
    var product = 1
    for extent in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      product = next
    }
    return product
  }

  private static func text(_ shape: [Int]) -> String {
    shape.map(String.init).joined(separator: "x")
  }

  private static func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
