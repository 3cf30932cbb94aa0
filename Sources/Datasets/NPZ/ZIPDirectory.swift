/// The directory at the end of a ZIP archive, the only part that says for sure what the archive
/// holds.
///
/// - Note: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", 4.3.12 to 4.3.16.
struct ZIPDirectory {
  let entries: [ZIPEntry]
  /// Where the directory begins, and the members end.
  let start: Int

  /// What an end record says.
  private struct Extent {
    let entryCount: Int
    let start: Int
    let byteCount: Int
    /// Where the directory has to end.
    let end: Int
  }

  init(of file: InputFile) throws(DatasetError) {
    guard let size = file.size else {
      throw .unreadable(path: file.path, reason: "an archive has to be a regular file")
    }
    let extent = try Self.extent(file, size: size)
    guard extent.byteCount <= extent.end, extent.start == extent.end - extent.byteCount,
      extent.entryCount <= extent.byteCount / 46
    else {
      throw .malformed(
        path: file.path, reason: "damaged archive: the directory does not end where it should")
    }
    start = extent.start
    try file.seek(to: start)
    var directory = LittleEndianReader(
      try file.read(extent.byteCount), path: file.path, name: "the directory")
    var entries: [ZIPEntry] = []
    var room = start
    for _ in 0..<extent.entryCount {
      let entry = try ZIPEntry(from: &directory, path: file.path)
      // Members cannot overlap: no archive holds more than its own size.
      room -= 30 + entry.name.count
      guard entry.storedSize <= room else {
        throw directory.failure("promises more bytes than the archive holds")
      }
      room -= entry.storedSize
      entries.append(entry)
    }
    guard directory.remainingCount == 0 else { throw directory.failure("holds extra bytes") }
    self.entries = entries
  }

  static func severalDisks(_ path: String) -> DatasetError {
    .malformed(path: path, reason: "is part of an archive of several disks, which is not read")
  }

  /// Finds the record that ends the archive; only a comment may follow it.
  private static func extent(_ file: InputFile, size: Int) throws(DatasetError) -> Extent {
    let tailStart = max(0, size - 22 - 0xffff)
    try file.seek(to: tailStart)
    let tail = try file.read(size - tailStart)
    let found = stride(from: tail.count - 22, through: 0, by: -1).first { place in
      guard tail[place...].starts(with: [0x50, 0x4b, 5, 6]) else { return false }
      let commentCount = Int(tail[place + 20]) + Int(tail[place + 21]) * 256
      return commentCount == tail.count - place - 22
    }
    guard let found else { throw try noArchive(file) }
    var record = LittleEndianReader(
      Array(tail[(found + 4)...]), path: file.path, name: "the end record")
    let disks = [try record.number(2), try record.number(2)]
    let here = try record.number(2)
    let entryCount = try record.number(2)
    let byteCount = try record.number(4)
    let start = try record.number(4)
    if let large = try largeExtent(file, endingBefore: tailStart + found) { return large }
    guard disks == [0, 0], here == entryCount else { throw severalDisks(file.path) }
    return Extent(
      entryCount: entryCount, start: start, byteCount: byteCount, end: tailStart + found)
  }

  /// Reads the end record of ZIP64, where there is one.
  private static func largeExtent(_ file: InputFile, endingBefore end: Int) throws(DatasetError)
    -> Extent?
  {
    guard end >= 20 else { return nil }
    try file.seek(to: end - 20)
    let bytes = try file.read(20)
    guard bytes.starts(with: [0x50, 0x4b, 6, 7]) else { return nil }
    var locator = LittleEndianReader(
      Array(bytes[4...]), path: file.path, name: "the locator of the ZIP64 end record")
    let disk = try locator.number(4)
    let place = try locator.number(8)
    guard disk == 0, try locator.number(4) <= 1 else { throw severalDisks(file.path) }
    guard place <= end - 20 else { throw locator.failure("points behind itself") }
    try file.seek(to: place)
    var record = LittleEndianReader(
      try file.read(56), path: file.path, name: "the ZIP64 end record")
    try record.expect([6, 6])
    guard try record.number(8) == end - 20 - place - 12 else {
      throw record.failure("does not end where it should")
    }
    try record.skip(4)  // versions
    let disks = [try record.number(4), try record.number(4)]
    let here = try record.number(8)
    let entryCount = try record.number(8)
    let byteCount = try record.number(8)
    let start = try record.number(8)
    guard disks == [0, 0], here == entryCount else { throw severalDisks(file.path) }
    return Extent(entryCount: entryCount, start: start, byteCount: byteCount, end: place)
  }

  /// Says what a file is that does not end as an archive.
  private static func noArchive(_ file: InputFile) throws(DatasetError) -> DatasetError {
    try file.seek(to: 0)
    let head = try file.read(NPYFile.magic.count)
    let reason =
      if head.isEmpty {
        "the file is empty"
      } else if head == NPYFile.magic {
        "holds a single array (.npy), not an archive"
      } else if head.starts(with: Array("PK".utf8)) {
        "short file: the directory at its end is missing"
      } else {
        "not an archive that numpy.savez writes (.npz)"
      }
    return .malformed(path: file.path, reason: reason)
  }
}
