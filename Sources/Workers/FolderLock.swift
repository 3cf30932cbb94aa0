import Foundation

/// A lock on a folder, which the system takes back when its process ends, in whatever way.
///
/// Unlike the number of a process it means the same to all that see the folder, in containers, too.
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
final class FolderLock {
  private let descriptor: Int32

  /// Takes the lock; `nil` where somebody holds it, where there is no such folder, or where it is a
  /// link.
  ///
  /// With `waits` it waits until nobody holds it: who looks whether a new folder is stale holds it for
  /// a moment.
  init?(_ path: String, waits: Bool = false) {
    descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0, flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) == 0 else {
      return nil
    }
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// Whether it is a folder of this user that nobody else can enter and that nobody has touched for
  /// so many seconds.
  func isPrivate(andIdle seconds: Double) -> Bool {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return false }
    #if os(Linux)
    let touched = status.st_mtim.tv_sec
    #else
    let touched = status.st_mtimespec.tv_sec
    #endif
    return status.st_uid == getuid() && status.st_mode & 0o777 == 0o700
      && Double(time(nil) - touched) >= seconds
  }
}
