import Foundation

/// A file open for reading, closed when the value goes away.
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
final class InputFile {
  /// The name used in messages.
  let path: String
  /// How many bytes are left to read, where that is known: not for pipes and devices.
  private(set) var remainingCount: Int?
  private let descriptor: Int32

  /// Opens a file, or standard input where the path is `-`.
  init(path: String) throws(DatasetError) {
    self.path = path == "-" ? "standard input" : path
    descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      throw code == ENOENT
        ? .fileNotFound(path: path) : .unreadable(path: path, reason: errorText(code))
    }
    var status = stat()
    if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      remainingCount = max(0, Int(status.st_size) - max(0, Int(lseek(descriptor, 0, SEEK_CUR))))
    }
  }

  deinit {
    if descriptor > STDERR_FILENO { close(descriptor) }
  }

  /// Fills `span` and returns how many bytes it got: fewer than asked for only at the end.
  ///
  /// - Precondition: every bit pattern is a value of `Element`, as with integers and floats.
  func read<Element: BitwiseCopyable>(into span: inout MutableSpan<Element>) throws(DatasetError)
    -> Int
  {
    let found = try unsafe span.withUnsafeMutableBytes { buffer throws(DatasetError) in
      var count = 0
      while count < buffer.count, let base = buffer.baseAddress {
        let step = unsafe Foundation.read(descriptor, base + count, buffer.count - count)
        if step == 0 { break }
        if step < 0 {
          if errno == EINTR { continue }
          throw .unreadable(path: path, reason: errorText(errno))
        }
        count += step
      }
      return count
    }
    remainingCount = remainingCount.map { max(0, $0 - found) }
    return found
  }

  /// Returns the next `count` bytes, or fewer at the end.
  func read(_ count: Int) throws(DatasetError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    let found = try read(into: &span)
    bytes.removeLast(count - found)
    return bytes
  }
}
