/// Returns values in −0.5 ..< 0.5 from a fixed sequence; every eleventh is ±0.
func sampleValues(_ count: Int, seed: UInt64 = 1) -> [Float] {
  var state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1
  return (0..<count).map { index in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let value = Float(state >> 40) * 0x1p-24 - 0.5
    return index % 11 == 10 ? (value < 0 ? -0.0 : 0) : value
  }
}

extension [Float] {
  /// The bits of all values, so that −0 differs from +0 and a comparison is exact.
  var bits: [UInt32] { map(\.bitPattern) }
}

extension [Double] {
  /// The bits of all values, so that −0 differs from +0 and a comparison is exact.
  var bits: [UInt64] { map(\.bitPattern) }
}
