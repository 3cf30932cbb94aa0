/// Elementary functions with the same bits on every machine.
///
/// They use only `+ − × ÷`, explicit fused multiply-add, comparisons and bit patterns, never the C
/// library, whose versions differ between CPUs. The coefficients are our own; the script
/// `Tests/Reference/elementary_functions.py` computes them. An error is given in ulps of the exact
/// result, as the largest one seen in 2 million arguments per range, against values with a 64-bit
/// significand. NaN gives NaN; which NaN is not specified.
public enum ElementaryFunctions {
  /// Returns e to the power `x`.
  ///
  /// *Error*: below 0.93 ulp, for subnormal results as well.
  /// *Edge cases*: +inf gives +inf, −inf gives 0; the result overflows to +inf above 709.79 and
  /// underflows to 0 below −745.14. `exp(0)` is exactly 1.
  public static func exp(_ x: Double) -> Double {
    if x != x { return x }
    if x > 709.8 { return .infinity }
    if x < -745.2 { return 0 }
    // x = k ln 2 + r with |r| <= ln 2 / 2; adding 1.5 × 2^52 rounds to the nearest integer.
    let shifted = (0.0 as Double).addingProduct(x, 0x1.71547652b82fep+0) + 0x1.8p52
    let k = shifted - 0x1.8p52
    let high = x.addingProduct(k, -0x1.62e42fefa3800p-1)  // exact
    let r = high.addingProduct(k, -0x1.ef35793c76730p-45)
    let rest = (high - r).addingProduct(k, -0x1.ef35793c76730p-45)
    var p = 0x1.af38be34c9e9cp-26
    p = (0x1.2891960d969fep-22).addingProduct(p, r)
    p = (0x1.71de0da5c30dbp-19).addingProduct(p, r)
    p = (0x1.a019b8ff24c9bp-16).addingProduct(p, r)
    p = (0x1.a01a01a7c6560p-13).addingProduct(p, r)
    p = (0x1.6c16c1788f756p-10).addingProduct(p, r)
    p = (0x1.11111111109b0p-7).addingProduct(p, r)
    p = (0x1.5555555553d5ap-5).addingProduct(p, r)
    p = (0x1.5555555555556p-3).addingProduct(p, r)
    p = (0x1.0000000000001p-1).addingProduct(p, r)
    let value = 1 + (r + rest.addingProduct(r * r, p))
    // Two steps, so that neither power of two leaves the normal range.
    let exponent = Int(k)
    let half = exponent >> 1
    return value * powerOfTwo(half) * powerOfTwo(exponent - half)
  }

  /// Returns the natural logarithm of `x`.
  ///
  /// *Error*: below 0.87 ulp.
  /// *Edge cases*: ±0 gives −inf, a negative number NaN, +inf gives +inf, 1 gives +0; subnormal
  /// arguments are as accurate as normal ones.
  public static func log(_ x: Double) -> Double {
    if x != x || x == .infinity { return x }
    if x < 0 { return .nan }
    if x == 0 { return -.infinity }
    var bits = x.bitPattern
    var exponent = 0
    if bits < 0x0010_0000_0000_0000 {  // subnormal
      bits = (x * 0x1p54).bitPattern
      exponent = -54
    }
    // x = 2^k m with m in [sqrt(1/2), sqrt(2)).
    let offset = bits &- 0x3fe6_a09e_667f_3bcd
    let k = Int(Int64(bitPattern: offset) >> 52)
    let f = Double(bitPattern: bits &- (offset & 0xfff0_0000_0000_0000)) - 1
    // log(1 + f) = 2 s + s R(s²) with s = f / (2 + f), arranged so that f enters exactly.
    let s = f / (2 + f)
    let z = s * s
    var p = 0x1.2b5888923b9b5p-3
    p = (0x1.39fe5b636d6b3p-3).addingProduct(p, z)
    p = (0x1.7462b4d1bf4b4p-3).addingProduct(p, z)
    p = (0x1.c71c62e4f889ap-3).addingProduct(p, z)
    p = (0x1.2492492df1b31p-2).addingProduct(p, z)
    p = (0x1.99999999952dep-2).addingProduct(p, z)
    p = (0x1.5555555555558p-1).addingProduct(p, z)
    let halfSquare = 0.5 * f * f
    let correction = s * (halfSquare + z * p)
    let scale = Double(k + exponent)
    let low = correction.addingProduct(scale, 0x1.ef35793c76730p-45)
    return scale * 0x1.62e42fefa3800p-1 - ((halfSquare - low) - f)
  }

  /// Returns the hyperbolic tangent of `x`.
  ///
  /// *Error*: below 1.5 ulp. *Edge cases*: ±0 gives ±0, ±inf gives ±1.
  public static func tanh(_ x: Double) -> Double {
    if x != x { return x }
    let magnitude = abs(x)
    if x == 0 { return x }
    if magnitude > 22 { return x < 0 ? -1 : 1 }
    if magnitude > 0.55 {
      let value = 1 - 2 / (exp(2 * magnitude) + 1)
      return x < 0 ? -value : value
    }
    let z = x * x
    var p = 0x1.08378067f032ap-17
    p = (-0x1.1adede7706052p-15).addingProduct(p, z)
    p = (0x1.8c93b7d5aba25p-14).addingProduct(p, z)
    p = (-0x1.f41d11ba745a0p-13).addingProduct(p, z)
    p = (0x1.3547bfaa42508p-11).addingProduct(p, z)
    p = (-0x1.7da25da5066b5p-10).addingProduct(p, z)
    p = (0x1.d6d3c60009e9cp-9).addingProduct(p, z)
    p = (-0x1.226e3539b9272p-7).addingProduct(p, z)
    p = (0x1.664f48822e9a5p-6).addingProduct(p, z)
    p = (-0x1.ba1ba1ba1a732p-5).addingProduct(p, z)
    p = (0x1.1111111111109p-3).addingProduct(p, z)
    p = (-0x1.5555555555555p-2).addingProduct(p, z)
    return x.addingProduct(x * z, p)
  }

  /// Returns 2 to the power `exponent`, which must be in `-1022 ... 1023`.
  private static func powerOfTwo(_ exponent: Int) -> Double {
    Double(bitPattern: UInt64(exponent + 1023) << 52)
  }
}
