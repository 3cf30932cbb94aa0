/// Archives of `tar`, raw or gzip, from which files of known names and sizes are taken.
///
/// Nothing else that an archive names is made: neither links nor folders nor paths out of the place.
public enum TapeArchive {
  /// What is taken out of an archive.
  public struct Contents: Sendable, Hashable {
    /// The folder in the archive, and where it is unpacked.
    public let folder: String
    /// The size of each file, by its name in the folder.
    public let sizes: [String: Int]

    public init(folder: String, sizes: [String: Int]) {
      self.folder = folder
      self.sizes = sizes
    }
  }

  private static let blockSize = 512

  /// Unpacks the files that are missing into a folder of their name below `target`.
  ///
  /// Each appears when it is complete. What the archive holds besides is passed over.
  ///
  /// - Returns: The paths of files that were there already with other contents, and still are.
  /// - Throws: ``DatasetError`` where a file is missing or of another size, or the archive is damaged.
  /// - Complexity: one pass over the archive, in pieces.
  public static func unpack(
    _ path: String, _ contents: Contents, into target: String
  ) throws(DatasetError) -> [String] {
    let archive = try DecodedFile(path: path)
    var others: [String] = []
    let folder = target + "/" + contents.folder
    try FolderNames.make(folder)
    var missing = contents.sizes
    var block = [UInt8](repeating: 0, count: blockSize)
    while !missing.isEmpty {
      guard try archive.read(blockSize, into: &block) == blockSize else {
        throw .malformed(path: path, reason: "the archive ends early (truncated file?)")
      }
      // Two blocks of zeros end it; one is enough to know.
      if block.allSatisfy({ $0 == 0 }) { break }
      let header = try Header(block, path: path)
      let name = header.name.split(separator: "/", omittingEmptySubsequences: false)
      let isWanted =
        header.isFile && name.count == 2 && name[0] == contents.folder
        && missing[String(name[1])] != nil
      guard isWanted, let wanted = missing.removeValue(forKey: String(name[1])) else {
        try copy(header.size, from: archive) { _ in }
        continue
      }
      guard header.size == wanted else {
        throw .malformed(
          path: path,
          reason: "'\(header.name)' has \(header.size) bytes, and \(wanted) are expected")
      }
      let target = folder + "/" + String(name[1])
      if let file = try existing(target) {
        if try !compare(header.size, of: archive, with: file) { others.append(target) }
        continue
      }
      let output = try OutputFile(path: target)
      try copy(header.size, from: archive) { (bytes) throws(DatasetError) in
        try output.write(bytes)
      }
      try output.commit()
    }
    guard missing.isEmpty else {
      throw .malformed(
        path: path,
        reason: "holds no \(missing.keys.sorted().joined(separator: ", ")) in \(contents.folder)")
    }
    return others.sorted()
  }

  /// Opens a file; `nil` if there is none.
  private static func existing(_ path: String) throws(DatasetError) -> InputFile? {
    do throws(DatasetError) {
      return try InputFile(path: path)
    } catch .fileNotFound {
      return nil
    }
  }

  /// Reads so many bytes of the archive; returns whether they are those of a file.
  private static func compare(
    _ count: Int, of archive: DecodedFile, with file: InputFile
  ) throws(DatasetError) -> Bool {
    var isSame = file.size == count
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    try copy(count, from: archive) { (bytes) throws(DatasetError) in
      guard isSame else { return }
      isSame = try file.read(bytes.count, into: &buffer) == bytes.count
      for index in bytes.indices where isSame { isSame = bytes[index] == buffer[index] }
    }
    return isSame
  }

  /// Hands over so many bytes in order, and passes over what fills the last block.
  private static func copy(
    _ count: Int, from archive: DecodedFile,
    to take: (borrowing Span<UInt8>) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var left = count
    var padding = (blockSize - count % blockSize) % blockSize
    while left + padding > 0 {
      let wanted = min(buffer.count, left > 0 ? left : padding)
      let found = try archive.read(wanted, into: &buffer)
      guard found == wanted else {
        throw .malformed(path: archive.path, reason: "the archive ends early (truncated file?)")
      }
      if left > 0 {
        try take(buffer.span.extracting(0..<found))
        left -= found
      } else {
        padding -= found
      }
    }
  }

  /// What stands in front of a file.
  private struct Header {
    let name: String
    let size: Int
    let isFile: Bool

    init(_ block: [UInt8], path: String) throws(DatasetError) {
      // The sum of all bytes, those of the sum itself taken as spaces.
      let sum = block.indices.reduce(0) { $0 + ((148..<156).contains($1) ? 32 : Int(block[$1])) }
      guard Self.number(block[148..<156]) == sum, let size = Self.number(block[124..<136]),
        size >= 0
      else {
        throw .malformed(path: path, reason: "is no archive of tar, or a damaged one")
      }
      self.size = size
      isFile = block[156] == 0 || block[156] == UInt8(ascii: "0")
      let isUStar = block[257..<262].elementsEqual("ustar".utf8)
      let front = isUStar ? Self.text(block[345..<500]) : ""
      name = (front.isEmpty ? "" : front + "/") + Self.text(block[0..<100])
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Octal digits between spaces and zero bytes.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
      let digits = bytes.drop { $0 == 32 }.prefix { $0 != 32 && $0 != 0 }
      return Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }
  }
}
