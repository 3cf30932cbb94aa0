/// One step of local training, as seen by a hook.
public struct LocalStep: Sendable {
  /// Counts from 0 within the round.
  public let index: Int
  public let learningRate: Float

  public init(index: Int, learningRate: Float) {
    self.index = index
    self.learningRate = learningRate
  }
}

/// Changes local training from inside the loop.
///
/// Proximal terms, anomaly terms, gradient masks and projected descent are all hooks: honest
/// algorithms and attacks use the same door. Each method is called once per step and must not
/// allocate.
public protocol LocalTrainingHook: Sendable {
  /// Changes the gradient before the optimizer step.
  ///
  /// - Parameters:
  ///   - gradient: d values.
  ///   - parameters: The local parameters before the step.
  ///   - anchor: The global parameters that the round started from.
  ///   - step: Which step this is.
  mutating func adjustGradient(
    _ gradient: inout MutableSpan<Float>, at parameters: Span<Float>, anchor: Span<Float>,
    step: LocalStep)

  /// Changes the parameters after the optimizer step.
  mutating func adjustParameters(
    _ parameters: inout MutableSpan<Float>, anchor: Span<Float>, step: LocalStep)
}

extension LocalTrainingHook {
  public mutating func adjustGradient(
    _: inout MutableSpan<Float>, at _: Span<Float>, anchor _: Span<Float>, step _: LocalStep
  ) {}
  public mutating func adjustParameters(
    _: inout MutableSpan<Float>, anchor _: Span<Float>, step _: LocalStep
  ) {}
}

/// Plain training.
public struct NoHook: LocalTrainingHook {
  public init() {}
}
