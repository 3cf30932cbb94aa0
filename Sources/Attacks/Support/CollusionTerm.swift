import Kernels
import Training

/// Adds α · ‖w − b‖ + β · Σ_j cos(w − G, u_j) to the loss of local training: stay close to one's own
/// benign model b, and unlike what the other attackers send.
///
/// The gradient of the distance is (w − b) / ‖w − b‖, and that of a cosine, with u = w − G,
/// u_j / (‖u‖ ‖u_j‖) − cos · u / ‖u‖². Where a norm is zero there is no direction, and the gradient is 0.
/// Norms and products are in double precision; each coordinate is rounded once.
///
/// - Complexity: O(d · (1 + others)) per step, without allocation.
struct CollusionTerm: LocalTrainingHook {
  /// b; empty where there is no distance term.
  let benign: [Float]
  /// The u_j.
  let others: [[Float]]
  let alpha: Double
  let beta: Double
  /// Per other attacker the factors of u_j and of u.
  private var factors: [(other: Double, own: Double)]

  init(benign: [Float], others: [[Float]], alpha: Double, beta: Double) {
    self.benign = benign
    self.others = beta == 0 ? [] : others
    self.alpha = alpha
    self.beta = beta
    factors = self.others.map { _ in (0, 0) }
  }

  mutating func adjustGradient(
    _ gradient: inout MutableSpan<Float>, at parameters: Span<Float>, anchor: Span<Float>,
    step _: LocalStep
  ) {
    if !benign.isEmpty && alpha != 0 {
      let norm = Float.squaredDistance(parameters, benign.span).squareRoot()
      if norm > 0 {
        let factor = alpha / norm
        for i in gradient.indices {
          let distance = Double(parameters[i]) - Double(benign[i])
          gradient[i] = Float(Double(gradient[i]) + factor * distance)
        }
      }
    }
    let own = Float.squaredDistance(parameters, anchor)
    guard own > 0, !others.isEmpty else { return }
    for (place, other) in others.enumerated() {
      let square = Float.squaredNorm(other.span)
      factors[place] = (0, 0)
      guard square > 0 else { continue }
      var dot = 0.0
      for i in gradient.indices {
        dot += (Double(parameters[i]) - Double(anchor[i])) * Double(other[i])
      }
      let norms = (own * square).squareRoot()
      factors[place] = (beta / norms, -beta * (dot / norms) / own)
    }
    for i in gradient.indices {
      let update = Double(parameters[i]) - Double(anchor[i])
      var sum = Double(gradient[i])
      for place in others.indices {
        sum += factors[place].other * Double(others[place][i]) + factors[place].own * update
      }
      gradient[i] = Float(sum)
    }
  }
}
