import Kernels
import Training

/// Adds a pull towards the parameters that training started from.
///
/// The loss gets mu / 2 · ‖w − u‖, whose gradient is mu / 2 · (w − u) / ‖w − u‖ and 0 at u, or
/// mu / 2 · ‖w − u‖², whose gradient is mu (w − u). Norms are in double precision, each coordinate is
/// rounded once.
struct ProximityTerm: LocalTrainingHook {
  let mu: Double
  let isSquared: Bool

  mutating func adjustGradient(
    _ gradient: inout MutableSpan<Float>, at parameters: Span<Float>, anchor: Span<Float>,
    step _: LocalStep
  ) {
    guard mu > 0 else { return }
    var factor = mu
    if !isSquared {
      let distance = Float.squaredDistance(parameters, anchor).squareRoot()
      guard distance > 0 else { return }
      factor = mu / 2 / distance
    }
    for index in gradient.indices {
      let difference = Double(parameters[index]) - Double(anchor[index])
      gradient[index] = Float(Double(gradient[index]) + factor * difference)
    }
  }
}
