/// A stream of random draws; the n-th word depends only on the key and n.
///
/// Draws are our own code, because the standard library may change the algorithm of its own.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private static let streamTag: UInt32 = 3

  private let key: UInt64
  private var position: UInt64 = 0
  private var words = SIMD4<UInt32>()
  private var used = 4
  private var spareNormal: Double?

  init(key: UInt64) {
    self.key = key
  }

  /// Returns the next 32 random bits.
  public mutating func word() -> UInt32 {
    if used == 4 {
      words = Philox.block(at: position, tag: Self.streamTag, key: key)
      position &+= 1
      used = 0
    }
    defer { used += 1 }
    return words[used]
  }

  /// Returns the next 64 random bits, low word first.
  public mutating func next() -> UInt64 {
    let low = UInt64(word())
    return low | UInt64(word()) &<< 32
  }

  /// Returns a value in `0 ..< 1` with 53 random bits.
  public mutating func unit() -> Double {
    Double(next() &>> 11) * 0x1p-53
  }

  /// Returns a value in `0 ..< bound` without bias.
  ///
  /// Lemire's multiplication with rejection (ACM TOMACS 29, 2019) on 32-bit words.
  ///
  /// - Precondition: `0 < bound <= 2^32 - 1`
  public mutating func index(below bound: Int) -> Int {
    precondition(
      bound > 0 && bound <= Int(UInt32.max), "index(below:) needs 1...2^32-1, got \(bound)")
    let range = UInt32(bound)
    var product = UInt64(word()) &* UInt64(range)
    if UInt32(truncatingIfNeeded: product) < range {
      let threshold = (0 &- range) % range
      while UInt32(truncatingIfNeeded: product) < threshold {
        product = UInt64(word()) &* UInt64(range)
      }
    }
    return Int(product &>> 32)
  }

  /// Returns a standard normal draw by the Box–Muller transform.
  ///
  /// Draws come in pairs: the sine partner is kept and returned next.
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    // 1 - u lies in (0, 1], so the logarithm is finite.
    let radius = (-2 * ElementaryFunctions.log(1 - unit())).squareRoot()
    let angle = 2 * Double.pi * unit()
    spareNormal = radius * ElementaryFunctions.sin(angle)
    return radius * ElementaryFunctions.cos(angle)
  }
}
