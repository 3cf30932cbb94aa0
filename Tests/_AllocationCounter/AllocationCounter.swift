import Synchronization

/// Counts the heap allocations of a test process.
///
/// The linker gives the functions below the names of the C library's own (see Package.swift), so
/// that those of the Swift runtime are counted as well. Where it does not, the count stays 0, which
/// a test checks first.
public enum AllocationCounter {
  /// Allocations of all threads since the process started.
  public static var count: Int { calls.load(ordering: .relaxed) }
}

private let calls = Atomic<Int>(0)

#if os(Linux)
@_silgen_name("__libc_malloc")
private func systemMalloc(_ size: Int) -> UnsafeMutableRawPointer?
@_silgen_name("__libc_calloc")
private func systemCalloc(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer?
@_silgen_name("__libc_realloc")
private func systemRealloc(
  _ block: UnsafeMutableRawPointer?, _ size: Int
) -> UnsafeMutableRawPointer?
@_silgen_name("__libc_memalign")
private func systemAlignedMalloc(_ alignment: Int, _ size: Int) -> UnsafeMutableRawPointer?

@_cdecl("counting_malloc")
func countingMalloc(_ size: Int) -> UnsafeMutableRawPointer? {
  calls.wrappingAdd(1, ordering: .relaxed)
  return unsafe systemMalloc(size)
}

@_cdecl("counting_calloc")
func countingCalloc(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer? {
  calls.wrappingAdd(1, ordering: .relaxed)
  return unsafe systemCalloc(count, size)
}

@_cdecl("counting_realloc")
func countingRealloc(
  _ block: UnsafeMutableRawPointer?, _ size: Int
) -> UnsafeMutableRawPointer? {
  calls.wrappingAdd(1, ordering: .relaxed)
  return unsafe systemRealloc(block, size)
}

@_cdecl("counting_aligned_alloc")
func countingAlignedMalloc(_ alignment: Int, _ size: Int) -> UnsafeMutableRawPointer? {
  calls.wrappingAdd(1, ordering: .relaxed)
  return unsafe systemAlignedMalloc(alignment, size)
}

@_cdecl("counting_posix_memalign")
func countingPosixMemalign(
  _ block: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ alignment: Int, _ size: Int
) -> Int32 {
  calls.wrappingAdd(1, ordering: .relaxed)
  guard let made = unsafe systemAlignedMalloc(alignment, size) else { return outOfMemory }
  unsafe block.pointee = unsafe made
  return 0
}

/// `ENOMEM` on Linux.
private let outOfMemory: Int32 = 12
#endif
