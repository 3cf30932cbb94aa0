import Diagnostics
import Foundation

/// An open file to append to: a thin wrapper of the POSIX calls, the only one of this target.
///
/// Foundation's file handles neither open with `O_APPEND` nor tell how much of a failed write
/// reached the disk; whole lines need both.
final class POSIXFile {
  let path: String
  private let descriptor: Int32
  /// Bytes in the file after the last write that succeeded.
  private(set) var length: Int

  /// Opens the file for appending, and creates it if there is none.
  ///
  /// Errors name it `name`, where that is another path.
  init(
    appendingTo path: String, truncate: Bool = false, named name: String? = nil
  ) throws(ResultError) {
    self.path = name ?? path
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (truncate ? O_TRUNC : 0)
    descriptor = unsafe open(path, flags, 0o666)
    guard descriptor >= 0 else { throw ResultError(path: self.path, code: errno) }
    length = max(0, Int(lseek(descriptor, 0, SEEK_END)))
  }

  deinit {
    // A child that is being started may hold a copy of the descriptor; closing ours would leave the
    // lock to it.
    _ = flock(descriptor, LOCK_UN)
    _ = close(descriptor)
  }

  /// Takes the lock of the file until it is closed; `false` if another process has it.
  ///
  /// Where the file system has no locks, nobody is kept out. Until then another process may have
  /// written: the length is taken again.
  func lock() -> Bool {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else { return false }
    length = max(0, Int(lseek(descriptor, 0, SEEK_END)))
    return true
  }

  /// Whether the path still leads to this file, and the file is as long as what was written.
  var isInPlace: Bool {
    var (own, there) = (stat(), stat())
    return unsafe fstat(descriptor, &own) == 0 && stat(path, &there) == 0
      && own.st_dev == there.st_dev && own.st_ino == there.st_ino
      && Int(own.st_size) == length
  }

  /// Appends all bytes, in one `write` unless the system takes fewer, and waits for the disk.
  ///
  /// If that fails, the file is cut back to what it was, so no part of the bytes stays. Without
  /// `waiting`, they reach the disk when a later call or the system puts them there.
  func append(_ bytes: [UInt8], waiting: Bool = true) throws(ResultError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = unsafe write(descriptor, Array(rest), rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw undo(errno)
      }
      rest = rest.dropFirst(written)
    }
    // A file system on the network may find out here that it is full. Pipes and devices, which
    // cannot be flushed, answer EINVAL.
    if waiting, fsync(descriptor) != 0, errno != EINVAL { throw undo(errno) }
    length += bytes.count
  }

  /// Takes the last write back if it does not stand where the one before it ended, because the file
  /// was cut or lengthened in between: half a line would stay before it.
  ///
  /// - Parameter count: The bytes of that write.
  /// - Returns: Whether it was taken back.
  @discardableResult
  func withdrawIfDisplaced(_ count: Int) -> Bool {
    let end = Int(lseek(descriptor, 0, SEEK_CUR))
    guard end >= count, end != length else { return false }
    _ = ftruncate(descriptor, off_t(end - count))
    return true
  }

  /// Cuts the file to its first bytes; a file that has no more is left alone.
  func cut(to newLength: Int) throws(ResultError) {
    guard newLength < length else { return }
    guard ftruncate(descriptor, off_t(newLength)) == 0, fsync(descriptor) == 0 else {
      throw ResultError(path: path, code: errno)
    }
    length = newLength
  }

  private func undo(_ code: Int32) -> ResultError {
    _ = ftruncate(descriptor, off_t(length))
    return ResultError(path: path, code: code)
  }
}

/// Calls on paths.
extension POSIXFile {
  /// Creates the folder and its parents; one that is there already is fine.
  ///
  /// - Returns: The folders that were not there, the outermost first.
  @discardableResult
  static func makeFolder(_ path: String) throws(ResultError) -> [String] {
    if isFolder(path) { return [] }
    if unsafe mkdir(path, 0o777) == 0 { return [path] }
    let code = errno
    let parent = UserPath.folder(of: path)
    switch code {
    case EEXIST:
      // Somebody else may have made it in this moment.
      if !isFolder(path) { throw .notAFolder(path: path) }
      return []
    case ENOENT where parent != path && parent != ".":
      let made = try makeFolder(parent)
      if unsafe mkdir(path, 0o777) == 0 { return made + [path] }
      if errno != EEXIST { throw ResultError(path: path, code: errno) }
      return made
    case ENOTDIR where parent != path && parent != ".":
      try makeFolder(parent)
      throw .notAFolder(path: parent)
    default:
      throw ResultError(path: path, code: code)
    }
  }

  /// Does something while nobody else does who asks for the same folder here; waits for its turn.
  ///
  /// Where the file system has no locks, nobody waits.
  ///
  /// - Throws: What `body` throws; `inUse` if it takes more than half a minute until it has its turn.
  static func whileAlone<Value>(in folder: String, _ body: () throws -> Value) throws -> Value {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ResultError(path: folder, code: errno) }
    defer {
      _ = flock(descriptor, LOCK_UN)
      _ = close(descriptor)
    }
    for _ in 0..<3_000 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK { return try body() }
      usleep(10_000)
    }
    throw ResultError.inUse(path: folder)
  }

  /// Removes a folder that is empty; others stay.
  static func removeFolder(_ path: String) { _ = unsafe rmdir(path) }

  /// Gives a file another name in the same file system, in place of what has it.
  static func rename(_ path: String, to other: String) throws(ResultError) {
    if unsafe Foundation.rename(path, other) != 0 { throw ResultError(path: other, code: errno) }
  }

  /// Writes a file so that readers see either the old one or the whole new one.
  ///
  /// Of several writers at once, the last one's text stays, whole. A symbolic link stays one, and
  /// what it points to is replaced; the new file has the mode of the old one. Devices and pipes,
  /// which cannot be replaced, are written to.
  static func replace(_ path: String, with text: String) throws(ResultError) {
    try replace(path) { file throws(ResultError) in try file.append(Array(text.utf8)) }
  }

  /// Replaces a file as a whole with what is appended to an empty one.
  static func replace(
    _ path: String, writing: (POSIXFile) throws(ResultError) -> Void
  ) throws(ResultError) {
    var old = stat()
    let isThere = unsafe stat(path, &old) == 0
    if !isThere, errno == ELOOP { throw ResultError(path: path, code: ELOOP) }
    let kind = old.st_mode & S_IFMT
    if isThere, kind != S_IFREG, kind != S_IFDIR {
      return try writing(POSIXFile(appendingTo: path))
    }
    let target = destination(of: path)
    let partial = partialName(of: target)
    do throws(ResultError) {
      let file = try POSIXFile(appendingTo: partial, truncate: true, named: path)
      try writing(file)
      // Where a file system has no modes, there is none to keep.
      if isThere { _ = fchmod(file.descriptor, old.st_mode & 0o7777) }
      if unsafe Foundation.rename(partial, target) != 0 {
        throw ResultError(path: path, code: errno)
      }
    } catch {
      _ = unsafe unlink(partial)
      throw error
    }
  }

  /// A name beside a file for one that is to take its place.
  static func partialName(of path: String) -> String {
    // Writers in other processes, threads and hosts may be at the same file.
    "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).partial"
  }

  /// Removes a file; one that is not there is fine.
  static func remove(_ path: String) throws(ResultError) {
    if unsafe unlink(path) != 0, errno != ENOENT { throw ResultError(path: path, code: errno) }
  }

  /// Whether something other than a folder is there.
  static func isFile(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path) && !isFolder(path)
  }

  /// Where a symbolic link leads in the end, whether or not something is there; other paths as they
  /// are.
  private static func destination(of path: String) -> String {
    var path = path
    // As many links as Linux follows.
    for _ in 0..<40 {
      guard let link = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else {
        break
      }
      path = UserPath.joined(UserPath.folder(of: path), link)
    }
    return path
  }

  /// The absolute path without links of what is there; the path as it is where nothing is.
  static func resolved(_ path: String) -> String {
    guard let name = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(name) }
    return unsafe String(cString: name)
  }

  static func isFolder(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    return exists && isDirectory.boolValue
  }
}

extension ResultError {
  /// The error for an `errno` of a call that writes.
  init(path: String, code: Int32) {
    let reason = unsafe String(cString: strerror(code))
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let parent = slash.map { String(path[..<$0]) }
    self =
      switch code {
      case ENOSPC, EDQUOT, EFBIG: .noSpace(path: path, reason: reason)
      case EACCES, EPERM, EROFS: .notWritable(path: path, reason: reason)
      case ENOTDIR: .notAFolder(path: parent ?? path)
      case ENOENT where parent != nil:
        .notWritable(path: path, reason: "there is no folder '\(parent ?? "")'")
      default: .writeFailed(path: path, reason: reason)
      }
  }
}
