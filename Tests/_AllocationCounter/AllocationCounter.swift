import Synchronization

/// Counts the heap allocations of a test process, and the bytes that live in them.
///
/// The linker gives the functions below the names of the C library's own (see Package.swift), so
/// that those of the Swift runtime are counted as well. Where it does not, the counts stay 0, which
/// a test checks first.
public enum AllocationCounter {
  /// Allocations of all threads since the process started.
  public static var count: Int { calls.load(ordering: .relaxed) }
  /// Bytes that are allocated now, as the allocator rounds them up.
  public static var liveBytes: Int { live.load(ordering: .relaxed) }
  /// The most bytes that were allocated at one time since the last ``resetPeak()``.
  public static var peakBytes: Int { peak.load(ordering: .relaxed) }

  public static func resetPeak() { peak.store(liveBytes, ordering: .relaxed) }
}

private let calls = Atomic<Int>(0)
private let live = Atomic<Int>(0)
private let peak = Atomic<Int>(0)

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
@_silgen_name("__libc_free")
private func systemFree(_ block: UnsafeMutableRawPointer?)
@_silgen_name("malloc_usable_size")
private func size(of block: UnsafeMutableRawPointer?) -> Int

/// Counts a block that was made.
private func counted(_ block: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  calls.wrappingAdd(1, ordering: .relaxed)
  let bytes = live.wrappingAdd(unsafe size(of: block), ordering: .relaxed).newValue
  peak.max(bytes, ordering: .relaxed)
  return unsafe block
}

@_cdecl("counting_malloc")
func countingMalloc(_ size: Int) -> UnsafeMutableRawPointer? {
  unsafe counted(systemMalloc(size))
}

@_cdecl("counting_calloc")
func countingCalloc(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer? {
  unsafe counted(systemCalloc(count, size))
}

@_cdecl("counting_realloc")
func countingRealloc(
  _ block: UnsafeMutableRawPointer?, _ newSize: Int
) -> UnsafeMutableRawPointer? {
  let old = unsafe size(of: block)
  let made = unsafe systemRealloc(block, newSize)
  // A failed call leaves the block as it was.
  if unsafe made != nil || newSize == 0 { live.wrappingSubtract(old, ordering: .relaxed) }
  return unsafe counted(made)
}

@_cdecl("counting_aligned_alloc")
func countingAlignedMalloc(_ alignment: Int, _ size: Int) -> UnsafeMutableRawPointer? {
  unsafe counted(systemAlignedMalloc(alignment, size))
}

@_cdecl("counting_posix_memalign")
func countingPosixMemalign(
  _ block: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ alignment: Int, _ size: Int
) -> Int32 {
  guard let made = unsafe counted(systemAlignedMalloc(alignment, size)) else { return outOfMemory }
  unsafe block.pointee = unsafe made
  return 0
}

@_cdecl("counting_free")
func countingFree(_ block: UnsafeMutableRawPointer?) {
  live.wrappingSubtract(unsafe size(of: block), ordering: .relaxed)
  unsafe systemFree(block)
}

/// `ENOMEM` on Linux.
private let outOfMemory: Int32 = 12
#endif
