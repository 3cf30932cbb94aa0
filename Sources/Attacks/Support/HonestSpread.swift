import Components
import Determinism
import Federation
import Kernels
import Tensors

/// The honest mean and a direction away from it, for attacks that search how far they can go.
///
/// Strength 1 is the distance of the honest row that is farthest from the mean; where all are equal
/// it is the length of the mean.
struct HonestSpread {
  let mean: [Double]
  /// The direction p, away from where training goes; zeros where there is none.
  let direction: [Double]
  /// The factor of p at strength 1; 0 where p is zero or nothing sets the scale.
  let unit: Double

  static func parameter(_ name: String) -> ParameterSpec {
    ParameterSpec(
      name, .choice(["unit", "std", "sign"]), default: .text("std"),
      help: "direction from the honest mean: against it, against the deviations or the signs")
  }

  /// Creates the spread of the honest rows; `nil` where there is none.
  ///
  /// - Parameters:
  ///   - honest: The honest rows.
  ///   - word: `unit`: −μ / ‖μ‖, `std`: −σ (population), `sign`: −sign(μ).
  ///   - pool: The threads to use.
  init?(_ honest: HonestUpdates?, direction word: String?, pool: WorkPool) {
    guard let honest, let moments = honest.meanAndDeviation(pool: pool) else { return nil }
    let mean = moments.mean
    let length = Double.squaredNorm(mean.span).squareRoot()
    let direction =
      switch word {
      case "std": moments.deviation.map { -$0 }
      case "sign": mean.map { $0 == 0 ? 0 : $0 > 0 ? -1.0 : 1.0 }
      default: mean.map { length > 0 ? -$0 / length : 0 }
      }
    let distances = honest.all.squaredDistances(to: mean, pool: pool)
    let radius = (honest.rows.map { distances[$0] }.max() ?? 0).squareRoot()
    let scale = Double.squaredNorm(direction.span).squareRoot()
    self.mean = mean
    self.direction = direction
    unit = scale > 0 ? (radius > 0 ? radius : length) / scale : 0
  }

  /// μ + gamma · p.
  func row(_ gamma: Double) -> [Double] { zip(mean, direction).map { $0 + gamma * $1 } }
}
