import Kernels
import Training

/// Multiplies what training changed by a factor after one of its steps: X = S + factor · (X − S).
///
/// Each coordinate is computed in double precision and rounded once; by exactly 1 it keeps its bits.
struct IncrementBoost: LocalTrainingHook {
  let factor: Double
  /// Where training started, d values.
  let start: [Float]
  let last: Int

  init(_ factor: Double, from start: [Float], afterStep last: Int) {
    self.factor = factor
    self.start = start
    self.last = last
  }

  mutating func adjustParameters(
    _ parameters: inout MutableSpan<Float>, anchor _: Span<Float>, step: LocalStep
  ) {
    guard step.index == last, factor != 1 else { return }
    for index in parameters.indices {
      let base = Double(start[index])
      parameters[index] = Float(base + factor * (Double(parameters[index]) - base))
    }
  }
}
