#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that appears under its name only once it is complete.
///
/// Bytes go to a temporary file in the same folder, which ``commit()`` renames. Without a commit
/// the temporary file is removed, so that a full disk leaves neither half a file nor a changed old
/// one. Devices, pipes and standard output (`-`) are written directly. A symbolic link keeps
/// pointing where it did.
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
package final class OutputFile {
  private let path: String
  private let destination: String
  private var temporary: String?
  private var descriptor: Int32

  package init(path: String) throws(DatasetError) {
    self.path = path == "-" ? "standard output" : path
    guard path != "-" else {
      destination = path
      descriptor = STDOUT_FILENO
      return
    }
    var status = stat()
    let exists = unsafe stat(path, &status) == 0
    destination = exists ? Self.resolved(path) : path
    // Renaming would replace a write-protected file.
    guard unsafe !exists || access(path, W_OK) == 0 else {
      throw .unwritable(path: path, reason: errorText(errno))
    }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
    } else {
      let name = Self.temporaryName(beside: destination)
      descriptor = unsafe open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { temporary = name }
    }
    if descriptor < 0 {
      throw .unwritable(path: path, reason: writingErrorText(errno, path: path))
    }
  }

  deinit {
    if descriptor > STDERR_FILENO { close(descriptor) }
    if let temporary { unsafe unlink(temporary) }
  }

  /// Writes the bytes of `values` in the order of memory.
  package func write<Element: BitwiseCopyable>(_ values: borrowing Span<Element>)
    throws(DatasetError)
  {
    let path = path
    let descriptor = descriptor
    try unsafe values.withUnsafeBytes { buffer throws(DatasetError) in
      var count = 0
      while count < buffer.count, let base = buffer.baseAddress {
        let step = unsafe writeBytes(descriptor, base + count, buffer.count - count)
        if step < 0 {
          if errno == EINTR { continue }
          throw .unwritable(path: path, reason: errorText(errno))
        }
        count += step
      }
    }
  }

  /// Waits until all that was written is on the disk.
  ///
  /// Before several files are committed, it has each of them fail before the first one appears.
  package func flush() throws(DatasetError) {
    guard temporary != nil else { return }
    // Some file systems report a full disk only when the data reaches it.
    guard fsync(descriptor) == 0 else {
      throw .unwritable(path: path, reason: errorText(errno))
    }
  }

  /// Makes the file appear under its name; nothing is written afterwards.
  package func commit() throws(DatasetError) {
    guard let name = temporary else { return }
    try flush()
    let status = close(descriptor)
    descriptor = -1
    guard status == 0 else { throw .unwritable(path: path, reason: errorText(errno)) }
    guard unsafe rename(name, destination) == 0 else {
      throw .unwritable(path: path, reason: errorText(errno))
    }
    temporary = nil
  }

  private static func resolved(_ path: String) -> String {
    guard let name = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(name) }
    return unsafe String(cString: name)
  }

  private static func temporaryName(beside path: String) -> String {
    let unique = "\(getpid())-\(UInt32.random(in: 0 ... .max))"
    // By bytes: a slash with an accent behind it is another character.
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    return (slash.map { String(path[...$0]) } ?? "") + ".gauntlet-\(unique).partial"
  }
}

/// `write` of the system, which the method of the same name hides.
private func writeBytes(_ descriptor: Int32, _ source: UnsafeRawPointer, _ count: Int) -> Int {
  unsafe write(descriptor, source, count)
}
