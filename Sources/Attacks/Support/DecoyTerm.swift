import Kernels
import Training

/// Makes local training minimize (L + P) / 2, where P = −push · |X_p − B_p| drives one parameter away from
/// that of a benign model, until it is `reach` away.
///
/// At B_p itself the parameter is driven upwards.
///
/// - Complexity: O(d) per step.
struct DecoyTerm: LocalTrainingHook {
  /// p; `nil`: no parameter is driven away.
  let coordinate: Int?
  /// B_p.
  let benign: Double
  let push: Double
  let reach: Double

  mutating func adjustGradient(
    _ gradient: inout MutableSpan<Float>, at parameters: Span<Float>, anchor _: Span<Float>,
    step _: LocalStep
  ) {
    guard let coordinate else { return }
    let distance = Double(parameters[coordinate]) - benign
    let drive = abs(distance) > reach ? 0 : distance < 0 ? push : -push
    for index in gradient.indices {
      let own = Double(gradient[index]) + (index == coordinate ? drive : 0)
      gradient[index] = Float(own / 2)
    }
  }
}
