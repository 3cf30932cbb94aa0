import Determinism
import Tensors
import Training

/// A small network with examples and a place to start from.
struct SampleTask {
  let model = Sequential.perceptron(inputs: 4, hidden: [5], classes: 3, initialization: .he)
  let anchor: [Float]
  let inputs: [[Float]]
  let labels: [Int]

  init(examples: Int) {
    var random = SeedPath(root: 77).child(examples).stream()
    anchor = model.initialParameters(using: &random)
    inputs = (0..<examples).map { _ in (0..<4).map { _ in Float(random.normal()) } }
    labels = (0..<examples).map { _ in random.index(below: 3) }
  }

  func trainer(batchSize: Int) -> LocalTrainer { LocalTrainer(model: model, batchSize: batchSize) }

  /// Returns the parameters after a round of training with a fresh copy of a hook.
  func train(
    _ trainer: inout LocalTrainer, _ schedule: LocalSchedule, seed: UInt64,
    hook: some LocalTrainingHook = NoHook()
  ) -> [Float] {
    var hook = hook
    train(&trainer, schedule, seed: seed, keeping: &hook)
    return trainer.parameters
  }

  /// Trains for a round, from the anchor unless told otherwise; returns the number of steps.
  @discardableResult
  func train(
    _ trainer: inout LocalTrainer, _ schedule: LocalSchedule, seed: UInt64,
    from start: [Float]? = nil, keeping hook: inout some LocalTrainingHook
  ) -> Int {
    var random = SeedPath(root: seed).stream()
    var hookRandom = SeedPath(root: seed).child("hook").stream()
    return trainer.train(
      from: start ?? anchor, anchor: anchor, inputs: Matrix(rows: inputs), labels: labels,
      schedule: schedule, hook: &hook, random: &random, hookRandom: &hookRandom)
  }
}
