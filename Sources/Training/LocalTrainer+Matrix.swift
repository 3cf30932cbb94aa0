public import Determinism
public import Kernels
public import Tensors

/// Examples that are a matrix of numbers.
extension LocalTrainer {
  /// Trains from `start` as the method of the same name does with ``ExampleMatrix``.
  ///
  /// - Returns: The number of steps.
  @discardableResult
  public mutating func train(
    from start: [Float], anchor: [Float]? = nil, inputs: Matrix<Float>, labels: [Int],
    schedule: LocalSchedule, hook: inout some LocalTrainingHook, random: inout RandomStream,
    hookRandom: inout RandomStream
  ) -> Int {
    train(
      from: start, anchor: anchor, inputs: ExampleMatrix(inputs), labels: labels,
      schedule: schedule, hook: &hook, random: &random, hookRandom: &hookRandom)
  }

  /// Trains without a hook.
  public mutating func train(
    from start: [Float], inputs: Matrix<Float>, labels: [Int], schedule: LocalSchedule,
    random: inout RandomStream
  ) {
    train(
      from: start, inputs: ExampleMatrix(inputs), labels: labels, schedule: schedule,
      random: &random)
  }

  /// Computes the gradient of the mean loss over one random batch at `anchor`.
  public mutating func computeGradient(
    at anchor: [Float], inputs: Matrix<Float>, labels: [Int], schedule: LocalSchedule,
    random: inout RandomStream
  ) {
    computeGradient(
      at: anchor, inputs: ExampleMatrix(inputs), labels: labels, schedule: schedule,
      random: &random)
  }
}
