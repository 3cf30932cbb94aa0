import Diagnostics
import Foundation
import Hashing

/// A file in the making, which stays if it is not completed, so that another try goes on from there.
///
/// It lies beside the one that it becomes, under a name with `.part` at its end. One process at a
/// time has it.
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
final class PartialFile {
  private let path: String
  private let partialPath: String
  private let descriptor: Int32
  /// Bytes that are there.
  private(set) var count: Int

  /// Opens the half file for a path, or makes an empty one.
  init(for path: String) throws(DownloadError) {
    self.path = path
    partialPath = path + ".part"
    // No link is followed: it would lead to somebody else's file.
    descriptor = unsafe open(partialPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw Self.failure(partialPath, errno) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      _ = close(descriptor)
      throw DownloadError("\(partialPath): is no regular file, which the half of a download is")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      _ = close(descriptor)
      throw DownloadError("\(partialPath): another process is fetching this file")
    }
    count = Int(lseek(descriptor, 0, SEEK_END))
  }

  deinit { _ = close(descriptor) }

  func append(_ bytes: borrowing Span<UInt8>) throws(DownloadError) {
    let (descriptor, path) = (descriptor, partialPath)
    try unsafe bytes.withUnsafeBytes { buffer throws(DownloadError) in
      var written = 0
      while written < buffer.count, let base = buffer.baseAddress {
        let step = unsafe write(descriptor, base + written, buffer.count - written)
        if step < 0 {
          if errno == EINTR { continue }
          throw Self.failure(path, errno)
        }
        written += step
      }
    }
    count += bytes.count
  }

  /// Begins anew.
  func clear() throws(DownloadError) {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw Self.failure(partialPath, errno)
    }
    count = 0
  }

  /// The digest of what is there.
  func digest() throws(DownloadError) -> String { try Self.digest(of: partialPath) }

  /// Gives the file its name.
  func commit() throws(DownloadError) {
    guard fsync(descriptor) == 0, unsafe rename(partialPath, path) == 0 else {
      throw Self.failure(path, errno)
    }
  }

  /// Removes a half file without bytes.
  func removeIfEmpty() { if count == 0 { _ = unsafe unlink(partialPath) } }

  /// The SHA-256 of a file.
  static func digest(of path: String) throws(DownloadError) -> String {
    do throws(UserFile.Problem) {
      let file = try UserFile(path)
      var hash = SHA256()
      while true {
        let bytes = try file.read(upTo: 1 << 18)
        if bytes.isEmpty { return Hexadecimal.string(hash.finalize()) }
        hash.update(bytes)
      }
    } catch {
      throw DownloadError("\(path): \(error)")
    }
  }

  /// Makes a folder and those around it; one that is there is fine.
  static func makeFolder(_ path: String) throws(DownloadError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw DownloadError("\(path): cannot be made: \(Self.reason(error))")
    }
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    guard let underlying, underlying.domain == NSPOSIXErrorDomain else {
      return error.localizedDescription
    }
    return unsafe String(cString: strerror(Int32(underlying.code)))
  }

  private static func failure(_ path: String, _ code: Int32) -> DownloadError {
    DownloadError("\(path): cannot be written: \(unsafe String(cString: strerror(code)))")
  }
}
