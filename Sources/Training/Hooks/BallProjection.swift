import Kernels

/// Projects the local parameters on a ball around the global ones after each step.
///
/// w + (θ − w) · min(1, r / ‖θ − w‖), norms in double precision, each coordinate rounded once. Where
/// rounding leaves the result a little outside, the factor is lowered until it lies inside.
///
/// - Complexity: O(d) per step.
/// - Note: Projected gradient descent of Sun et al. 2019 and of Wang et al., NeurIPS 2020.
public struct BallProjection: LocalTrainingHook {
  /// r > 0.
  public let radius: Double

  public init(radius: Double) {
    precondition(radius > 0, "a ball of radius \(radius)")
    self.radius = radius
  }

  public mutating func adjustParameters(
    _ parameters: inout MutableSpan<Float>, anchor: Span<Float>, step _: LocalStep
  ) {
    var distance = Float.squaredDistance(parameters.span, anchor).squareRoot()
    var factor = radius / distance
    var shrinkage = 0x1p-22
    while distance > radius {
      for index in parameters.indices {
        let difference = Double(parameters[index]) - Double(anchor[index])
        parameters[index] = Float(Double(anchor[index]) + factor * difference)
      }
      distance = Float.squaredDistance(parameters.span, anchor).squareRoot()
      // Rounding to single precision can leave it outside, by far where the radius is small beside
      // the parameters; after 23 doublings it is the anchor.
      factor = 1 - shrinkage
      shrinkage = min(1, 2 * shrinkage)
    }
  }
}
