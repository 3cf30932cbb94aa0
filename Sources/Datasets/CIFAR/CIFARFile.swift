/// One file of CIFAR's binary version.
struct CIFARFile: Sendable, Equatable {
  let path: String
  let format: CIFARFormat
  /// How many records it holds.
  let count: Int

  /// Checks that the size of the file is a whole number of records, at least one.
  init(path: String, format: CIFARFormat) throws(DatasetError) {
    self.path = path
    self.format = format
    count = try Self.open(path, format).count
  }

  private static func open(
    _ path: String, _ format: CIFARFormat
  ) throws(DatasetError) -> (file: InputFile, count: Int) {
    let file = try InputFile(path: path)
    guard let size = file.size else {
      throw .unreadable(path: path, reason: "it is no regular file")
    }
    let (count, rest) = size.quotientAndRemainder(dividingBy: format.recordSize)
    guard count > 0, rest == 0 else {
      throw .malformed(
        path: path,
        reason: "has \(size) bytes, which is no whole number of records of \(format.recordSize)"
          + (size == 0 ? ": it is empty" : ""))
    }
    return (file, count)
  }

  /// Passes label and pixels of the first records to `body`, pixels by rows with channels innermost.
  ///
  /// - Throws: ``DatasetError`` where a label is no class, or the file changed since it was checked.
  func read(
    first wanted: Int, _ body: (_ label: UInt8, _ pixels: borrowing Span<UInt8>) -> Void
  ) throws(DatasetError) {
    let (file, found) = try Self.open(path, format)
    guard found == count else {
      throw .malformed(path: path, reason: "the file changed since it was checked")
    }
    let planeSize = CIFARFormat.side * CIFARFormat.side
    var record = [UInt8](repeating: 0, count: format.recordSize)
    var pixels = [UInt8](repeating: 0, count: CIFARFormat.pixelCount)
    for row in 0..<wanted {
      guard try file.read(record.count, into: &record) == record.count else {
        throw .malformed(path: path, reason: "short file: it ends in record \(row)")
      }
      let label = record[format.labelPosition]
      guard label < format.classCount else {
        throw .malformed(
          path: path, reason: "label \(label) of record \(row) is not in 0..<\(format.classCount)")
      }
      for channel in 0..<CIFARFormat.channelCount {
        let plane = format.labelCount + channel * planeSize
        for place in 0..<planeSize {
          pixels[place * CIFARFormat.channelCount + channel] = record[plane + place]
        }
      }
      body(label, pixels.span)
    }
  }
}
