#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The times of several calls, without the first.
struct CallTimer {
  struct Call {
    let seconds: Double
    /// Of all threads together.
    let processorSeconds: Double
  }

  private(set) var calls: [Call] = []
  /// Tells results apart: a hash of all bits that were noted.
  private(set) var bits: UInt64 = 0xcbf2_9ce4_8422_2325
  private var isWarm = false

  mutating func time<R>(_ body: () -> R) -> R {
    let processorStart = clock()
    let start = ContinuousClock.now
    let result = body()
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    let processor = Double(clock() - processorStart) / Double(CLOCKS_PER_SEC)
    if isWarm { calls.append(Call(seconds: elapsed, processorSeconds: processor)) }
    isWarm = true
    return result
  }

  /// Adds a result to the hash.
  mutating func note(_ values: Span<Float>) {
    for i in values.indices { bits = (bits ^ UInt64(values[i].bitPattern)) &* 0x100_0000_01b3 }
  }
}
