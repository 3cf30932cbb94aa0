/// The fastest that one core can multiply and add: vectors of eight, in registers only.
enum PeakLoop {
  /// Twelve independent chains, more than latency × ports of any core of today.
  private static let chainCount = 12

  /// Runs `rounds` rounds of twelve fused multiply-adds and returns a value that depends on all.
  @inline(never)
  static func run(rounds: Int, factor: Float, addend: Float) -> Float {
    var chains = InlineArray<12, SIMD8<Float>>(repeating: SIMD8(repeating: addend))
    let factor = SIMD8<Float>(repeating: factor)
    let addend = SIMD8<Float>(repeating: addend)
    for _ in 0..<rounds {
      for i in 0..<12 { chains[i] = addend.addingProduct(chains[i], factor) }
    }
    var total = chains[0]
    for i in 1..<12 { total += chains[i] }
    return total.sum()
  }

  /// Returns GFLOP/s over about 0.2 ms.
  static func measure() -> Double {
    let rounds = 4_000
    var sink: Float = 0
    let seconds = secondsPerCall(calls: 10) {
      sink += run(rounds: rounds, factor: 0.5, addend: 1)
    }
    precondition(sink > 0, "the peak loop computed \(sink)")
    return Double(rounds * chainCount * 8 * 2) / seconds * 1e-9
  }
}
