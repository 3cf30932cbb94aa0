import Training

/// Multiplies every local gradient by a fixed factor.
struct GradientScaling: LocalTrainingHook {
  let factor: Float

  mutating func adjustGradient(
    _ gradient: inout MutableSpan<Float>, at _: Span<Float>, anchor _: Span<Float>,
    step _: LocalStep
  ) {
    for i in gradient.indices { gradient[i] *= factor }
  }
}
