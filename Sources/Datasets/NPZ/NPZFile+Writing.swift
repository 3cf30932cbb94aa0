extension NPZFile {
  /// Writes arrays as float32 in C order, uncompressed, in the given order.
  ///
  /// `numpy.load` reads them. The bytes depend on names and arrays alone: every member is dated to
  /// the first day that ZIP knows. All sizes are of 64 bits. The file appears under its name only
  /// when it is complete, as with ``NPYFile``; the path `-` is standard output.
  ///
  /// - Precondition: The names are different, of at most 32 KiB, and without control characters.
  public static func write(_ arrays: [(name: String, array: NPZArray)], to path: String)
    throws(DatasetError)
  {
    precondition(
      arrays.allSatisfy { isShowable($0.name) && $0.name.utf8.count <= 1 << 15 }
        && Set(arrays.map(\.name)).count == arrays.count,
      "NPZFile.write: names that occur twice, are too long or hold control characters")
    let file = try OutputFile(path: path)
    var directory: [UInt8] = []
    var position = 0
    for (name, array) in arrays {
      let header = NPYFile.floatHeader(shape: array.shape)
      var sum = CRC32()
      sum.update(header.span)
      sum.update(array.values.span)
      let member = Member(
        name: Array((name + suffix).utf8), checksum: sum.value,
        size: header.count + 4 * array.values.count, offset: position)
      let start = member.header
      try file.write(start.span)
      try file.write(header.span)
      try file.write(array.values.span)
      directory += member.entry
      position += start.count + member.size
    }
    try file.write(directory.span)
    try file.write(end(count: arrays.count, size: directory.count, start: position).span)
    try file.commit()
  }

  /// What the archive says of one member, in front of its data and in the directory.
  private struct Member {
    let name: [UInt8]
    let checksum: UInt32
    let size: Int
    let offset: Int

    /// The local header, with the sizes in a field of ZIP64, as NumPy writes them.
    var header: [UInt8] {
      fields((0x0403_4b50, 4)) + common + fields((name.count, 2), (20, 2)) + name
        + fields((1, 2), (16, 2), (size, 8), (size, 8))
    }

    /// The entry of the directory, with sizes and offset in a field of ZIP64.
    var entry: [UInt8] {
      // Made by version 4.5 under Unix; no comment, disk 0, a regular file of mode 644.
      fields((0x0201_4b50, 4), (45 | 3 << 8, 2)) + common
        + fields((name.count, 2), (28, 2), (0, 2), (0, 2), (0, 2), (0o100644 << 16, 4), (absent, 4))
        + name + fields((1, 2), (24, 2), (size, 8), (size, 8), (offset, 8))
    }

    /// Version 4.5 needed, names in UTF-8, stored, 1980-01-01 00:00, checksum, sizes elsewhere.
    private var common: [UInt8] {
      fields((45, 2), (0x800, 2), (0, 2), (0, 2), (0x21, 2), (Int(checksum), 4))
        + fields((absent, 4), (absent, 4))
    }
  }

  /// The end records: that of ZIP64, its locator, and one that refers to them.
  private static func end(count: Int, size: Int, start: Int) -> [UInt8] {
    fields((0x0606_4b50, 4), (44, 8), (45 | 3 << 8, 2), (45, 2), (0, 4), (0, 4))
      + fields((count, 8), (count, 8), (size, 8), (start, 8))
      + fields((0x0706_4b50, 4), (0, 4), (start + size, 8), (1, 4))
      + fields((0x0605_4b50, 4), (0, 2), (0, 2), (0xffff, 2), (0xffff, 2))
      + fields((absent, 4), (absent, 4), (0, 2))
  }

  /// Stands for a number that a field of ZIP64 holds.
  private static let absent = 0xffff_ffff

  /// Numbers, each in so many bytes, the lowest first.
  private static func fields(_ numbers: (value: Int, byteCount: Int)...) -> [UInt8] {
    numbers.flatMap { value, byteCount in
      (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
  }
}
