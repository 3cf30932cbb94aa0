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
}
