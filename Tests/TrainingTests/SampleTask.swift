import Determinism
import Tensors
import Training

/// A small network with examples and a place to start from.
struct SampleTask {
  let model = Perceptron(inputs: 4, hidden: [5], classes: 3, initialization: .he)
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

  /// Returns the parameters after a round of training.
  func train(
    _ trainer: inout LocalTrainer, _ schedule: LocalSchedule, seed: UInt64,
    hook: some LocalTrainingHook = NoHook()
  ) -> [Float] {
    var random = SeedPath(root: seed).stream()
    trainer.train(
      from: anchor, inputs: Matrix(rows: inputs), labels: labels, schedule: schedule, hook: hook,
      random: &random)
    return trainer.parameters
  }
}
