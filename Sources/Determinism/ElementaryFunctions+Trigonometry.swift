extension ElementaryFunctions {
  /// Returns the sine of `x` radians.
  ///
  /// *Error*: below 0.81 ulp.
  /// *Edge cases*: ±0 gives ±0; ±inf gives NaN, and so does every `|x| > 2^20`: the reduction is
  /// exact enough only up to there, and no draw needs larger angles.
  public static func sin(_ x: Double) -> Double {
    if x == 0 { return x }
    guard let angle = reduce(x) else { return .nan }
    let value = angle.quadrant & 1 == 0 ? sinKernel(angle) : cosKernel(angle)
    return angle.quadrant & 2 == 0 ? value : -value
  }

  /// Returns the cosine of `x` radians.
  ///
  /// *Error*: below 0.82 ulp, and below 1.07 ulp where the result is close to zero.
  /// *Edge cases*: ±0 gives 1; ±inf and `|x| > 2^20` give NaN, as for `sin`.
  public static func cos(_ x: Double) -> Double {
    guard let angle = reduce(x) else { return .nan }
    let value = angle.quadrant & 1 == 0 ? cosKernel(angle) : sinKernel(angle)
    return (angle.quadrant + 1) & 2 == 0 ? value : -value
  }
}

/// `quadrant × π/2 + high + low`, with `|high| <= π/4` and `low` below its last bit.
private struct ReducedAngle {
  var quadrant: Int
  var high: Double
  var low: Double
}

/// Cody–Waite reduction by π/2 in three parts of 33, 33 and 53 bits; nil for NaN and `|x| > 2^20`.
private func reduce(_ x: Double) -> ReducedAngle? {
  guard abs(x) <= 0x1p20 else { return nil }
  let shifted = (0.0 as Double).addingProduct(x, 0x1.45f306dc9c883p-1) + 0x1.8p52
  let k = shifted - 0x1.8p52
  let first = x.addingProduct(k, -0x1.921fb54400000p+0)  // exact
  let second = k * 0x1.0b4611a600000p-34  // exact
  let third = k * 0x1.3198a2e037073p-69
  let partial = first - second
  // The rounding error of the subtraction (Knuth's two-sum), kept for the low part.
  let back = partial - first
  let lost = (first - (partial - back)) - (second + back)
  let high = partial + (lost - third)
  let low = (partial - high) + (lost - third)
  return ReducedAngle(quadrant: Int(k), high: high, low: low)
}

private func sinKernel(_ angle: ReducedAngle) -> Double {
  let x = angle.high
  let z = x * x
  var p = 0x1.5e0af93077fb4p-33
  p = (-0x1.ae600aa7b36fdp-26).addingProduct(p, z)
  p = (0x1.71de379632b85p-19).addingProduct(p, z)
  p = (-0x1.a01a019e83679p-13).addingProduct(p, z)
  p = (0x1.1111111110bb1p-7).addingProduct(p, z)
  p = (-0x1.5555555555555p-3).addingProduct(p, z)
  // sin(x + low) = sin x + low cos x, to the precision that low has.
  let slope = (1.0 as Double).addingProduct(-0.5, z)
  return x + (angle.low * slope).addingProduct(x * z, p)
}

private func cosKernel(_ angle: ReducedAngle) -> Double {
  let x = angle.high
  let z = x * x
  var p = -0x1.907d8297799c1p-37
  p = (0x1.1eeb68bbaf191p-29).addingProduct(p, z)
  p = (-0x1.27e4fa17ae53ap-22).addingProduct(p, z)
  p = (0x1.a01a019f4e8e5p-16).addingProduct(p, z)
  p = (-0x1.6c16c16c16966p-10).addingProduct(p, z)
  p = (0x1.5555555555555p-5).addingProduct(p, z)
  let halfSquare = 0.5 * z
  let leading = 1 - halfSquare
  // 1 − leading is exact, so the first bracket is what the rounding of `leading` lost.
  let rest = ((1 - leading) - halfSquare).addingProduct(z * z, p) - x * angle.low
  return leading + rest
}
