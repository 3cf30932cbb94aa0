/// A file that is read as it is, or inflated where it starts with the gzip magic `1f 8b`.
final class DecodedFile {
  private enum Content {
    case raw(InputFile)
    case gzip(GzipReader)
  }

  /// The name used in messages.
  let path: String
  /// An upper bound of the decoded size, where one is known; exact for raw files.
  let sizeLimit: Int?
  /// Whether the file is compressed.
  let isCompressed: Bool
  /// Bytes of a raw file that were read to look at the magic.
  private var head: [UInt8]
  private let content: Content

  init(path: String) throws(DatasetError) {
    let file = try InputFile(path: path)
    self.path = file.path
    let size = file.remainingCount
    let magic = try file.read(2)
    isCompressed = magic == [0x1f, 0x8b]
    if isCompressed {
      // Deflate shrinks at most 1032-fold; the wrapper only adds.
      sizeLimit = size.flatMap { $0 < Int.max / 1032 ? $0 * 1032 : nil }
      head = []
      content = .gzip(try GzipReader(file: file, head: magic))
    } else {
      sizeLimit = size
      head = magic
      content = .raw(file)
    }
  }

  /// Fills `bytes` and returns how many bytes it got: fewer than asked for only at the end.
  func read(into bytes: inout MutableSpan<UInt8>) throws(DatasetError) -> Int {
    switch content {
    case .gzip(let reader): return try reader.read(into: &bytes)
    case .raw(let file):
      let known = min(head.count, bytes.count)
      for index in 0..<known {
        bytes[index] = head[index]
      }
      head.removeFirst(known)
      var rest = bytes._mutatingExtracting(droppingFirst: known)
      return try known + file.read(into: &rest)
    }
  }

  /// Fills the front of `buffer` with up to `count` bytes and returns how many it got.
  func read(_ count: Int, into buffer: inout [UInt8]) throws(DatasetError) -> Int {
    var span = buffer.mutableSpan
    var front = span._mutatingExtracting(first: count)
    return try read(into: &front)
  }
}
