import Kernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A regular file in memory, read page by page when it is touched, and never written.
///
/// It stays in memory as long as this object or anything that it handed out. Whoever shortens the
/// file in that time ends the process (`SIGBUS`) at the next touch of what is gone; whoever writes
/// into it changes the values. A file that is replaced by renaming, as ``OutputFile`` does, is safe.
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
@safe final class MappedFile: Sendable {
  /// The size of the file when it was opened.
  let byteCount: Int
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer

  /// Maps the whole of an open file, whatever was read of it; `nil` where that cannot be done, as
  /// with pipes and empty files.
  init?(_ file: InputFile) {
    guard let size = file.size, size > 0,
      let base = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, file.descriptor, 0),
      unsafe base != MAP_FAILED
    else { return nil }
    byteCount = size
    unsafe self.base = base
  }

  deinit { unsafe munmap(base, byteCount) }

  /// Returns the float32 values in a range of bytes, in the byte order of the machine.
  ///
  /// `nil` where they do not start or end at a multiple of four bytes.
  ///
  /// - Precondition: the range lies within the file.
  func floats(in range: Range<Int>) -> BorrowedMemory<Float>? {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= byteCount,
      "bytes \(range) of a mapped file of \(byteCount)")
    let size = MemoryLayout<Float>.size
    guard range.lowerBound % size == 0, range.count % size == 0 else { return nil }
    let count = range.count / size
    let values = unsafe (base + range.lowerBound).bindMemory(to: Float.self, capacity: count)
    return unsafe BorrowedMemory(base: UnsafePointer(values), count: count) {
      withExtendedLifetime(self) {}
    }
  }
}
