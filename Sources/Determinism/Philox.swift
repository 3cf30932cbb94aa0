/// The counter-based generator Philox 4x32 with 10 rounds.
///
/// A block is a pure function of a 128-bit counter and a 64-bit key, so any draw of any stream can
/// be computed without the draws before it.
///
/// - Note: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
public enum Philox {
  /// Returns the four output words of one block.
  ///
  /// - Complexity: ten rounds of two 32-bit multiplications.
  public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    // Word by word: lanes of a vector would go through memory in every round.
    var (c0, c1, c2, c3) = (counter[0], counter[1], counter[2], counter[3])
    var (k0, k1) = (key[0], key[1])
    for round in 0..<10 {
      if round > 0 {
        k0 &+= 0x9E37_79B9
        k1 &+= 0xBB67_AE85
      }
      let p0 = UInt64(c0) &* 0xD251_1F53
      let p1 = UInt64(c2) &* 0xCD9E_8D57
      c0 = UInt32(truncatingIfNeeded: p1 &>> 32) ^ c1 ^ k0
      c1 = UInt32(truncatingIfNeeded: p1)
      c2 = UInt32(truncatingIfNeeded: p0 &>> 32) ^ c3 ^ k1
      c3 = UInt32(truncatingIfNeeded: p0)
    }
    return SIMD4(c0, c1, c2, c3)
  }

  /// Returns the block at a 64-bit position of the domain `tag`.
  static func block(at position: UInt64, tag: UInt32, key: UInt64) -> SIMD4<UInt32> {
    block(
      counter: SIMD4(
        UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position &>> 32), tag, 0),
      key: SIMD2(UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key &>> 32)))
  }
}
