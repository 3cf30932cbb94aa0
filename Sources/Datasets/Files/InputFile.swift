#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file open for reading, closed when the value goes away.
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
final class InputFile: ByteSource {
  let path: String
  /// The size of a regular file when it was opened.
  let size: Int?
  /// Where the next byte is read, from the start of a regular file.
  private(set) var position = 0
  let descriptor: Int32

  var remainingCount: Int? { size.map { max(0, $0 - position) } }

  /// Opens a regular file, or standard input where the path is `-`.
  ///
  /// Whoever says itself what else will not do has other kinds opened, too, without waiting for a
  /// writer.
  init(path: String, refusesOtherKinds: Bool = true) throws(DatasetError) {
    self.path = path == "-" ? "standard input" : path
    if path != "-", refusesOtherKinds { try Self.checkKind(of: path) }
    descriptor =
      path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      throw code == ENOENT
        ? .fileNotFound(path: path) : .unreadable(path: path, reason: errorText(code))
    }
    var status = stat()
    if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      size = Int(status.st_size)
      // Others may have read from standard input before.
      position = max(0, Int(lseek(descriptor, 0, SEEK_CUR)))
    } else {
      size = nil
    }
  }

  /// Refuses what may have no end, or hold the program where no signal reaches it.
  private static func checkKind(of path: String) throws(DatasetError) {
    var status = stat()
    // What is not there is told when it is opened.
    guard unsafe stat(path, &status) == 0 else { return }
    let kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG, S_IFDIR: ""
      case S_IFIFO: "a pipe"
      case S_IFSOCK: "a socket"
      default: "a device"
      }
    guard kind.isEmpty else {
      throw .unreadable(path: path, reason: "it is \(kind), and a regular file is needed")
    }
  }

  deinit {
    if descriptor > STDERR_FILENO { close(descriptor) }
  }

  func read<Element: BitwiseCopyable>(into span: inout MutableSpan<Element>) throws(DatasetError)
    -> Int
  {
    let found = try unsafe span.withUnsafeMutableBytes { buffer throws(DatasetError) in
      var count = 0
      while count < buffer.count, let base = buffer.baseAddress {
        let step = unsafe readBytes(descriptor, base + count, buffer.count - count)
        if step == 0 { break }
        if step < 0 {
          if errno == EINTR { continue }
          throw .unreadable(path: path, reason: errorText(errno))
        }
        count += step
      }
      return count
    }
    position += found
    return found
  }

  /// Goes to a position from the start of a regular file.
  func seek(to position: Int) throws(DatasetError) {
    guard lseek(descriptor, off_t(position), SEEK_SET) == off_t(position) else {
      throw .unreadable(path: path, reason: errorText(errno))
    }
    self.position = position
  }
}

/// `read` of the system, which the method of the same name hides.
private func readBytes(_ descriptor: Int32, _ target: UnsafeMutableRawPointer, _ count: Int) -> Int
{
  unsafe read(descriptor, target, count)
}
