import Glibc

/// A folder in memory, for readers that take a path.
struct ScratchFolder: ~Copyable {
  let path: String

  /// Makes it, or a folder in it; there is one per process, and it stays for the process's life.
  init(_ names: String...) {
    var path = (environment("SCRATCH") ?? "/dev/shm") + "/parser-fuzz-\(getpid())"
    unsafe mkdir(path, 0o700)
    for name in names {
      path += "/" + name
      unsafe mkdir(path, 0o700)
    }
    self.path = path
  }

  /// Makes a symbolic link to another file of the folder.
  func link(_ name: String, to target: String) {
    unsafe symlink(target, path + "/" + name)
  }

  /// Writes a file of the folder in place of what it held, and returns its path.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) -> String {
    let file = path + "/" + name
    let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    precondition(descriptor >= 0, "cannot write \(file)")
    let written = unsafe bytes.withUnsafeBytes { buffer in
      unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
    }
    precondition(written == bytes.count, "cannot write all of \(file)")
    close(descriptor)
    return file
  }
}
