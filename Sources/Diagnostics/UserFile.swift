#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that a user names, open for reading and closed when the value goes away.
///
/// Only regular files are read: a device may have no end, and a pipe without a writer would hold
/// the program where no signal reaches it. The one place where files of users are opened, but for
/// arrays, which have one of their own. It wraps the C library, hence the acknowledged pointers.
public final class UserFile {
  /// Why a file cannot be read; the description follows its name.
  public enum Problem: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nothing has that name.
    case missing
    case folder
    /// Another kind of thing, with its article.
    case notRegular(String)
    case tooLarge(limit: Int)
    /// What the system says.
    case refused(String)

    public var description: String {
      switch self {
      case .missing: "no such file"
      case .folder: "is a folder, and a file is needed"
      case .notRegular(let kind): "is \(kind), and a regular file is needed"
      case .tooLarge(let limit): "is larger than \(limit >> 20) MiB"
      case .refused(let reason): reason
      }
    }

    fileprivate init(code: Int32) {
      self =
        switch code {
        case ENOENT, ENOTDIR: .missing
        case EACCES, EPERM: .refused("permission denied")
        default: .refused(unsafe String(cString: strerror(code)))
        }
    }
  }

  private let descriptor: Int32

  /// Opens a regular file, or a symbolic link to one.
  ///
  /// - Parameters:
  ///   - path: Where it lies.
  ///   - allowsPipes: Whether a pipe will do, such as the shell's `<(…)`; opening it waits for a
  ///     writer.
  /// - Throws: ``Problem`` for a folder, a device, a socket, a pipe unless it is allowed, and for what
  ///   the system refuses to open.
  public init(_ path: String, allowsPipes: Bool = false) throws(Problem) {
    var status = stat()
    // Opening alone may do something to a device, and wait for ever at a pipe.
    guard unsafe stat(path, &status) == 0 else { throw Problem(code: errno) }
    try Self.check(status, allowsPipes: allowsPipes)
    let isPipe = status.st_mode & S_IFMT == S_IFIFO
    let flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (isPipe ? 0 : O_NONBLOCK)
    descriptor = unsafe open(path, flags)
    guard descriptor >= 0 else { throw Problem(code: errno) }
    // Something else may have taken its place.
    guard unsafe fstat(descriptor, &status) == 0 else { throw Problem(code: errno) }
    try Self.check(status, allowsPipes: allowsPipes)
  }

  private init(descriptor: Int32) { self.descriptor = descriptor }

  /// Standard input, whatever it is.
  public static var standardInput: UserFile { UserFile(descriptor: STDIN_FILENO) }

  deinit { if descriptor > STDERR_FILENO { _ = close(descriptor) } }

  /// Reads on, at most so many bytes; fewer only at the end of the file, and none after it.
  public func read(upTo count: Int) throws(Problem) -> [UInt8] {
    var code: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, let base = buffer.baseAddress {
        let step = unsafe readBytes(descriptor, base + filled, count - filled)
        if step == 0 { break }
        if step < 0 {
          if errno == EINTR { continue }
          code = errno
          break
        }
        filled += step
      }
    }
    guard code == 0 else { throw Problem(code: code) }
    return bytes
  }

  /// Reads the rest of the file, if it has at most `limit` bytes.
  public func rest(upTo limit: Int) throws(Problem) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let piece = try read(upTo: min(1 << 20, limit - bytes.count + 1))
      if piece.isEmpty { return bytes }
      bytes += piece
      guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
    }
  }

  /// Reads a whole file of at most `limit` bytes.
  public static func contents(
    of path: String, upTo limit: Int = 1 << 28
  ) throws(Problem) -> [UInt8] {
    try UserFile(path).rest(upTo: limit)
  }

  private static func check(_ status: stat, allowsPipes: Bool) throws(Problem) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFIFO where allowsPipes: return
    case S_IFDIR: throw .folder
    case S_IFIFO: throw .notRegular("a pipe")
    case S_IFSOCK: throw .notRegular("a socket")
    default: throw .notRegular("a device")
    }
  }
}

/// `read` of the system, which the method of the same name hides.
private func readBytes(_ descriptor: Int32, _ target: UnsafeMutableRawPointer, _ count: Int) -> Int
{
  unsafe read(descriptor, target, count)
}
