/// Multiplies every local gradient by a fixed factor.
public struct GradientScaling: LocalTrainingHook {
  public let factor: Float

  public init(factor: Float) { self.factor = factor }

  public mutating func adjustGradient(
    _ gradient: inout MutableSpan<Float>, at _: Span<Float>, anchor _: Span<Float>,
    step _: LocalStep
  ) {
    for i in gradient.indices { gradient[i] *= factor }
  }
}
