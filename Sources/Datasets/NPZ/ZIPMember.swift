/// One member of a ZIP archive, inflated and checked as it is read.
///
/// Members of one file are read one after the other: they share its position.
final class ZIPMember: ByteSource {
  let path: String
  /// How many bytes of the contents are left, as the directory promises.
  private(set) var remainingCount: Int?
  private let file: InputFile
  private let inflater: Inflater?
  private let checksum: UInt32
  private var sum = CRC32()
  /// Bytes of the file that are not yet in ``input``.
  private var storedLeft: Int
  private var input: [UInt8] = []
  private var start = 0

  /// Goes to the contents of a member; `path` names it in messages.
  ///
  /// Its header says only where they begin: sizes may be missing there.
  init(_ entry: ZIPEntry, of file: InputFile, endingBefore end: Int, path: String)
    throws(DatasetError)
  {
    self.path = path
    self.file = file
    inflater = entry.isDeflated ? try Inflater(.none, path: path) : nil
    checksum = entry.checksum
    storedLeft = entry.storedSize
    remainingCount = entry.size
    let outside = DatasetError.malformed(
      path: path, reason: "damaged archive: the data lies outside of the archive")
    guard entry.offset <= end - 30 else { throw outside }
    try file.seek(to: entry.offset)
    var header = LittleEndianReader(
      try file.read(30), path: path, name: "the header of the data")
    try header.expect([3, 4])
    try header.skip(22)
    let nameCount = try header.number(2)
    let extraCount = try header.number(2)
    guard nameCount == entry.name.count, try file.read(nameCount) == entry.name else {
      throw header.failure("has another name than the directory says")
    }
    let contents = entry.offset + 30 + nameCount + extraCount
    guard contents <= end, entry.storedSize <= end - contents else { throw outside }
    try file.seek(to: contents)
  }

  func read<Element: BitwiseCopyable>(into span: inout MutableSpan<Element>) throws(DatasetError)
    -> Int
  {
    let stride = MemoryLayout<Element>.stride
    let left = remainingCount ?? 0
    let count = min(span.count, left / stride)
    guard count > 0 else { return 0 }
    var front = span._mutatingExtracting(first: count)
    if let inflater {
      try inflate(by: inflater, into: &front, byteCount: count * stride)
    } else {
      guard try file.read(into: &front) == count * stride else { throw failure("ends early") }
    }
    sum.update(front.span)
    remainingCount = left - count * stride
    return count * stride
  }

  /// Makes sure, after the last byte, that nothing follows and that the checksum is right.
  func finish() throws(DatasetError) {
    precondition(remainingCount == 0, "the member is not read to its end")
    if let inflater {
      // The end of compressed data may take some bytes of its own.
      var extra: [UInt8] = [0]
      var span = extra.mutableSpan
      while !inflater.isAtEnd {
        guard try inflateStep(by: inflater, into: &span, at: 0) == 0 else {
          throw failure("is longer than the directory says")
        }
      }
      guard storedLeft == 0, start == input.count else { throw failure("ends before its end") }
    }
    guard sum.value == checksum else { throw failure("differs from its checksum (CRC-32)") }
  }

  private func inflate<Element: BitwiseCopyable>(
    by inflater: Inflater, into span: inout MutableSpan<Element>, byteCount: Int
  ) throws(DatasetError) {
    var made = 0
    while made < byteCount {
      guard !inflater.isAtEnd else { throw failure("is shorter than the directory says") }
      made += try inflateStep(by: inflater, into: &span, at: made)
    }
  }

  /// Inflates from what is buffered, or from the next piece of the file, and returns the number of
  /// bytes made.
  private func inflateStep<Element: BitwiseCopyable>(
    by inflater: Inflater, into span: inout MutableSpan<Element>, at offset: Int
  ) throws(DatasetError) -> Int {
    if start == input.count {
      let size = min(1 << 16, storedLeft)
      input = try file.read(size)
      start = 0
      guard size > 0, input.count == size else { throw failure("ends early") }
      storedLeft -= size
    }
    let step = try inflater.inflate(&input, from: start, into: &span, at: offset)
    start += step.consumed
    return step.made
  }

  private func failure(_ what: String) -> DatasetError {
    .malformed(path: path, reason: "damaged archive: the data \(what)")
  }
}
