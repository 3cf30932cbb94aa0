extension ElementaryFunctions {
  /// Returns e to the power `x`, with the same bits as the vectorized softmax kernel.
  ///
  /// *Operation order*: with k = x / ln 2 rounded to the nearest integer (ties to even), r = x − k ln 2
  /// in two fused steps and p by Horner's rule in fused steps, the result is
  /// (1 + (r + r² p)) × 2^⌊k/2⌋ × 2^⌈k/2⌉.
  /// *Error*: below 1.07 ulp, for subnormal results as well.
  /// *Edge cases*: +inf gives +inf, −inf gives 0; the result overflows to +inf above 88.72 and
  /// underflows to 0 below −103.97. `exp(0)` is exactly 1.
  public static func exp(_ x: Float) -> Float {
    if x != x { return x }
    var bounded = x
    if bounded > 89 { bounded = 89 }
    if bounded < -104 { bounded = -104 }
    let shifted = bounded * 0x1.715476p+0 + 0x1.8p23
    let k = shifted - 0x1.8p23
    let high = bounded.addingProduct(k, -0x1.62e4p-1)
    let r = high.addingProduct(k, -0x1.7f7d1cp-20)
    var p: Float = 0x1.6d1122p-10
    p = (0x1.120b86p-7 as Float).addingProduct(p, r)
    p = (0x1.55551ap-5 as Float).addingProduct(p, r)
    p = (0x1.5554dcp-3 as Float).addingProduct(p, r)
    p = (0x1.0p-1 as Float).addingProduct(p, r)
    let value = 1 + r.addingProduct(r * r, p)
    let exponent = Int32(k)
    let half = exponent >> 1
    let first = Float(bitPattern: UInt32(bitPattern: (half &+ 127) << 23))
    let second = Float(bitPattern: UInt32(bitPattern: (exponent &- half &+ 127) << 23))
    return value * first * second
  }

  /// Returns the natural logarithm of `x`: that of the widened argument, rounded once.
  ///
  /// *Error*: below 0.501 ulp. *Edge cases*: as for the function on `Double`.
  public static func log(_ x: Float) -> Float {
    Float(log(Double(x)))
  }
}
