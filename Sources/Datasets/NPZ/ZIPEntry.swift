/// What the directory of a ZIP archive says of one member.
struct ZIPEntry {
  /// The bytes of the name; UTF-8 or ASCII in all that is accepted.
  let name: [UInt8]
  let isDeflated: Bool
  let checksum: UInt32
  /// The size in the archive.
  let storedSize: Int
  /// The size of what is stored.
  let size: Int
  /// Where the header of the member lies.
  let offset: Int

  /// Takes the next entry from the directory.
  init(from directory: inout LittleEndianReader, path: String) throws(DatasetError) {
    try directory.expect([1, 2])
    try directory.skip(4)  // versions
    let flags = try directory.number(2)
    let method = try directory.number(2)
    try directory.skip(4)  // time and date
    checksum = UInt32(truncatingIfNeeded: try directory.number(4))
    var sizes = [0, 0, 0]
    sizes[1] = try directory.number(4)
    sizes[0] = try directory.number(4)
    let nameCount = try directory.number(2)
    let extraCount = try directory.number(2)
    let commentCount = try directory.number(2)
    var disk = try directory.number(2)
    try directory.skip(6)  // attributes
    sizes[2] = try directory.number(4)
    name = try directory.bytes(nameCount)
    let extra = try directory.bytes(extraCount)
    try directory.skip(commentCount)
    try Self.extend(&sizes, &disk, by: extra, path: path)
    (size, storedSize, offset) = (sizes[0], sizes[1], sizes[2])

    // Encrypted, patch data, strongly encrypted, hidden header.
    guard flags & 0x2061 == 0 else {
      throw .malformed(path: path, reason: "is encrypted or a patch, which is not read")
    }
    guard disk == 0 else { throw ZIPDirectory.severalDisks(path) }
    guard method == 0 || method == 8 else {
      throw .malformed(
        path: path, reason: "compressed by method \(method); accepted are stored and deflated")
    }
    isDeflated = method == 8
    // Deflate shrinks at most 1032-fold.
    guard isDeflated ? size / 1032 <= storedSize : size == storedSize else {
      throw directory.failure("promises more bytes than the archive can hold")
    }
  }

  /// Takes the size, the stored size, the offset and the disk from the extra field of ZIP64, those of
  /// them that did not fit.
  private static func extend(
    _ sizes: inout [Int], _ disk: inout Int, by extra: [UInt8], path: String
  ) throws(DatasetError) {
    let wanted = sizes.indices.filter { sizes[$0] == 0xffff_ffff }
    guard !wanted.isEmpty || disk == 0xffff else { return }
    var fields = LittleEndianReader(extra, path: path, name: "an extra field")
    while fields.remainingCount >= 4 {
      let id = try fields.number(2)
      let count = try fields.number(2)
      guard id == 1 else {
        try fields.skip(count)
        continue
      }
      var field = LittleEndianReader(
        try fields.bytes(count), path: path, name: "the ZIP64 field of a member")
      for index in wanted { sizes[index] = try field.number(8) }
      if disk == 0xffff { disk = try field.number(4) }
      return
    }
  }
}
