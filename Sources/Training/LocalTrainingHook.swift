public import Determinism

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
/// algorithms and attacks use the same door. Each method is called once per step, in the order in
/// which they stand here, and must not allocate. What a hook learned stays with the one who passed
/// it in.
public protocol LocalTrainingHook: Sendable {
  /// Whether ``shouldStop(afterLoss:step:)`` is asked, which costs a logarithm per example.
  var readsLoss: Bool { get }

  /// Changes the batch of a step before it is used.
  ///
  /// - Parameters:
  ///   - inputs: One example per row, as many as there are labels; a copy, the shard stays as it is.
  ///   - labels: One class per example.
  ///   - random: The hook's own stream; the order of the examples does not depend on it.
  ///   - step: Which step this is.
  mutating func adjustBatch(
    _ inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int>,
    random: inout RandomStream, step: LocalStep)

  /// Whether ``differentiate(inputs:labels:at:model:into:workspace:)`` takes the place of the gradient of
  /// the cross-entropy; ``shouldStop(afterLoss:step:)`` is not asked then.
  var replacesLoss: Bool { get }

  /// Writes the gradient of a loss of its own over the batch of a step.
  ///
  /// - Parameters:
  ///   - inputs: One example per row, as many as there are labels.
  ///   - labels: One class per example.
  ///   - parameters: The local parameters before the step.
  ///   - model: What is trained.
  ///   - gradient: d values, overwritten.
  ///   - workspace: The model's, with room for the batch.
  mutating func differentiate(
    inputs: Span<Float>, labels: Span<Int>, at parameters: Span<Float>, model: any Model,
    into gradient: inout MutableSpan<Float>, workspace: inout ModelWorkspace)

  /// Says whether training ends before this step, given the loss at its start.
  ///
  /// - Parameters:
  ///   - loss: The mean cross-entropy over the batch at the parameters before the step.
  ///   - step: Which step this is.
  /// - Returns: Whether training ends; the parameters stay as they are.
  mutating func shouldStop(afterLoss loss: Double, step: LocalStep) -> Bool

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
  public var readsLoss: Bool { false }
  public mutating func adjustBatch(
    _: inout MutableSpan<Float>, labels _: inout MutableSpan<Int>, random _: inout RandomStream,
    step _: LocalStep
  ) {}
  public var replacesLoss: Bool { false }
  public mutating func differentiate(
    inputs: Span<Float>, labels: Span<Int>, at parameters: Span<Float>, model: any Model,
    into gradient: inout MutableSpan<Float>, workspace: inout ModelWorkspace
  ) {
    model.gradient(
      inputs: inputs, labels: labels, parameters: parameters, into: &gradient,
      workspace: &workspace)
  }
  public mutating func shouldStop(afterLoss _: Double, step _: LocalStep) -> Bool { false }
  public mutating func adjustGradient(
    _: inout MutableSpan<Float>, at _: Span<Float>, anchor _: Span<Float>, step _: LocalStep
  ) {}
  public mutating func adjustParameters(
    _: inout MutableSpan<Float>, anchor _: Span<Float>, step _: LocalStep
  ) {}
}
