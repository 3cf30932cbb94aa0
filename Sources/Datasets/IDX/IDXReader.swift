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

  /// Opens a file of so many dimensions.
  convenience init(path: String, dimensionCount: Int) throws(DatasetError) {
    try self.init(path: path, dimensionCounts: dimensionCount...dimensionCount)
  }

  /// Opens a file and checks its header, and its size where that is known without reading on.
  init(path: String, dimensionCounts: ClosedRange<Int>) throws(DatasetError) {
    file = try DecodedFile(path: path)
    var magic = [UInt8](repeating: 0, count: 4)
    let magicSize = try file.read(4, into: &magic)
    guard magicSize == 4, magic.starts(with: [0, 0, 8]), dimensionCounts.contains(Int(magic[3]))
    else {
      throw Self.wrongMagic(magic.prefix(magicSize), dimensionCounts, path: file.path)
    }
    let dimensionCount = Int(magic[3])
    headerSize = 4 + 4 * dimensionCount
    var extents = [UInt8](repeating: 0, count: 4 * dimensionCount)
    let found = try file.read(extents.count, into: &extents)
    guard found == extents.count else {
      throw .malformed(
        path: file.path,
        reason: "short file: expected \(headerSize) header bytes, found \(4 + found)")
    }
    let shape = (0..<dimensionCount).map { dimension in
      extents[4 * dimension..<4 * dimension + 4].reduce(0) { $0 << 8 | Int($1) }
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

  private static func wrongMagic(
    _ found: some Collection<UInt8>, _ dimensionCounts: ClosedRange<Int>, path: String
  ) -> DatasetError {
    let expected = dimensionCounts.map { hexadecimal([0, 0, 8, UInt8($0)]) }
    let (least, most) = (dimensionCounts.lowerBound, dimensionCounts.upperBound)
    let dimensions =
      least < most
      ? "\(least) to \(most) dimensions" : most == 1 ? "1 dimension" : "\(most) dimensions"
    return .malformed(
      path: path,
      reason: "wrong magic: found \(found.isEmpty ? "nothing" : hexadecimal(found)), expected "
        + "\(expected.joined(separator: " or ")) (IDX, unsigned bytes, \(dimensions))")
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

  static func text(_ shape: some Collection<Int>) -> String {
    shape.map(String.init).joined(separator: "x")
  }

  private static func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}
