import Determinism
import Federation

extension RoundContext {
  /// Adds normal noise to each value: one draw of the component's stream per value, in order.
  ///
  /// Sums are formed in double precision and rounded once; a deviation of 0 draws nothing.
  func addNoise(of deviation: Double, to values: inout [Float]) {
    guard deviation > 0 else { return }
    var random = seed.stream()
    for index in values.indices {
      values[index] = Float(Double(values[index]) + deviation * random.normal())
    }
  }
}
