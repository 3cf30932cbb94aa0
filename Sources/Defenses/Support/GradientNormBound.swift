import Kernels
import Training

/// Shortens the gradient of each step of local training to a norm bound.
///
/// The norm is formed in double precision, each coordinate is rounded once; a zero gradient stays.
struct GradientNormBound: LocalTrainingHook {
  /// Above 0; infinite: nothing is shortened.
  let bound: Double

  mutating func adjustGradient(
    _ gradient: inout MutableSpan<Float>, at _: Span<Float>, anchor _: Span<Float>,
    step _: LocalStep
  ) {
    guard bound.isFinite else { return }
    let norm = Float.squaredNorm(gradient.span).squareRoot()
    guard norm > bound else { return }
    Float.scale(&gradient, by: clippingFactor(norm: norm, bound: bound))
  }
}
