/// Inflates a gzip file piece by piece.
///
/// Members that follow each other are joined, as gzip does; zero padding after the last is skipped.
/// The checksums of zlib are checked, the last one when the end is reached.
final class GzipReader {
  private let file: InputFile
  private let inflater: Inflater
  private var input: [UInt8]
  private var start = 0
  private var isPadding = false

  /// Continues a file whose first bytes, the gzip magic among them, are already read into `head`.
  init(file: InputFile, head: [UInt8]) throws(DatasetError) {
    self.file = file
    inflater = try Inflater(.gzip, path: file.path)
    input = head
  }

  /// Fills `output` and returns how many bytes it got: fewer than asked for only at the end.
  func read(into output: inout MutableSpan<UInt8>) throws(DatasetError) -> Int {
    var count = 0
    while count < output.count {
      if start == input.count {
        input = try file.read(1 << 16)
        start = 0
        if input.isEmpty {
          guard inflater.isAtEnd else {
            throw .malformed(path: file.path, reason: "the gzip data ends early (truncated file?)")
          }
          return count
        }
      }
      if inflater.isAtEnd {
        try skipToNextMember()
      } else {
        let step = try inflater.inflate(&input, from: start, into: &output, at: count)
        start += step.consumed
        count += step.made
      }
    }
    return count
  }

  /// Consumes one byte of padding or turns to the member that starts here.
  private func skipToNextMember() throws(DatasetError) {
    if input[start] == 0 {
      isPadding = true
      start += 1
    } else if input[start] == 0x1f, !isPadding {
      inflater.restart()
    } else {
      throw .malformed(path: file.path, reason: "extra bytes after the end of the gzip data")
    }
  }
}
