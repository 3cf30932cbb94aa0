/// Returns the magnitude of each lane, by clearing its sign.
@inline(__always)
func magnitudes(_ x: SIMD8<Double>) -> SIMD8<Double> {
  let bits = unsafe unsafeBitCast(x, to: SIMD8<UInt64>.self)
  return unsafe unsafeBitCast(
    bits & SIMD8(repeating: 0x7fff_ffff_ffff_ffff), to: SIMD8<Double>.self)
}

/// The same for four lanes.
@inline(__always)
func magnitudes(_ x: SIMD4<Double>) -> SIMD4<Double> {
  let bits = unsafe unsafeBitCast(x, to: SIMD4<UInt64>.self)
  return unsafe unsafeBitCast(
    bits & SIMD4(repeating: 0x7fff_ffff_ffff_ffff), to: SIMD4<Double>.self)
}
