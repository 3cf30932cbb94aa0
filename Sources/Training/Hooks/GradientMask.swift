/// Zeroes the gradient outside some coordinates, and keeps the others at the anchor, or at given values.
///
/// After each step the frozen coordinates are set to the anchor's, so that neither momentum nor
/// weight decay moves them: they are bit-equal to the global parameters, or to the values.
///
/// - Complexity: O(d) per step.
/// - Note: Zhang et al., Neurotoxin, ICML 2022, Algorithm 1; there momentum and weight decay still
///   move masked coordinates.
public struct GradientMask: LocalTrainingHook {
  /// Which coordinates may move, d values.
  public let isKept: [Bool]

  /// Where the others stay, d values; `nil`: at the anchor.
  private let values: [Float]?

  public init(_ isKept: [Bool], frozenAt values: [Float]? = nil) {
    self.isKept = isKept
    self.values = values
  }

  public mutating func adjustGradient(
    _ gradient: inout MutableSpan<Float>, at _: Span<Float>, anchor _: Span<Float>,
    step _: LocalStep
  ) {
    precondition(
      gradient.count == isKept.count, "a mask of \(isKept.count) for \(gradient.count) values")
    for index in gradient.indices where !isKept[index] { gradient[index] = 0 }
  }

  public mutating func adjustParameters(
    _ parameters: inout MutableSpan<Float>, anchor: Span<Float>, step _: LocalStep
  ) {
    for index in parameters.indices where !isKept[index] {
      parameters[index] = values?[index] ?? anchor[index]
    }
  }
}
