import Kernels

extension [Float] {
  /// The point on the way from `origin` to these values that lies at most `bound` away from it.
  ///
  /// The norm is in double precision; where nothing is shortened, these values come back as they are,
  /// else each is rounded once, so that rounding may leave the point a little outside.
  func clipped(to bound: Double, from origin: [Float]) -> [Float] {
    let distance = Float.squaredDistance(span, origin.span).squareRoot()
    let factor = clippingFactor(norm: distance, bound: bound)
    guard factor < 1 else { return self }
    return zip(self, origin).map { value, start in
      Float(Double(start) + factor * (Double(value) - Double(start)))
    }
  }
}
