import Foundation
import Kernels

/// A `.npy` file of float32 values in C order that is written and read in place, again and again.
///
/// Its values start at byte 128, and it may be longer than its header says. A worker maps it; this
/// side reads and writes by calls, since a mapping of a file that a worker cuts short would end this
/// process.
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
final class MatrixFile {
  static let start = 128

  let path: String
  /// The most values that it has room for.
  private(set) var capacity: Int
  private let descriptor: Int32

  /// Makes a file with room for so many values; `nil` where there is no space.
  init?(path: String, capacity: Int) {
    self.path = path
    self.capacity = -1
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0, reserve(capacity), writeHeader(shape: [capacity]) else { return nil }
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// Makes room for so many values; `false` where there is no space.
  ///
  /// All of it at once: a worker that writes where there is none left is ended by the system.
  func reserve(_ count: Int) -> Bool {
    guard count > capacity else { return true }
    guard posix_fallocate(descriptor, 0, off_t(Self.start + 4 * count)) == 0 else { return false }
    capacity = count
    return true
  }

  /// Makes the file say what it holds; `false` where it cannot be written.
  func writeHeader(shape: [Int]) -> Bool {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(sizes)), }"
    let lead: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(Self.start - 10), 0]
    let padding = [UInt8](repeating: 0x20, count: Self.start - 11 - text.utf8.count)
    let header = lead + Array(text.utf8) + padding + [0x0A]
    return unsafe write(header.span.bytes, at: 0)
  }

  /// Writes values from the first on; `false` where there is no space.
  func write(_ values: borrowing Span<Float>) -> Bool {
    guard reserve(values.count) else { return false }
    return unsafe write(values.bytes, at: Self.start)
  }

  /// Reads as many values as there is room for; `false` where the file is too short.
  func read(into values: inout MutableSpan<Float>) -> Bool {
    unsafe values.withUnsafeMutableBytes { buffer in
      var filled = 0
      while filled < buffer.count {
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        let count = unsafe pread(
          descriptor, target.baseAddress, target.count, off_t(Self.start + filled))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        filled += count
      }
      return true
    }
  }

  private func write(_ bytes: borrowing RawSpan, at place: Int) -> Bool {
    unsafe bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
        let count = unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(place + done))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        done += count
      }
      return true
    }
  }
}
