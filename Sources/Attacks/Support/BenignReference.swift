import Datasets
import Determinism
import Federation
import Kernels
import Training

/// What the first controlled client would send if it were honest.
struct BenignReference: Sendable {
  private let shard: Shard
  private let schedule: LocalSchedule
  private let model: any Model

  /// `nil` where there is nobody, or nothing to train.
  init?(_ setup: AttackSetup) {
    guard let shard = setup.shards.first, let model = setup.model, let schedule = setup.schedule,
      !setup.isFedSGD
    else { return nil }
    self.shard = shard
    self.schedule = schedule
    self.model = model
  }

  /// The gradients of single examples that one training takes.
  var gradientCount: Int { schedule.gradientCount(exampleCount: shard.count) }

  /// Trains on clean data, with the learning rate of the first round.
  func update(at global: [Float], seed: SeedPath) -> [Float] {
    var trainer = LocalTrainer(model: model, batchSize: min(schedule.batchSize, shard.count))
    var random = seed.stream()
    trainer.train(
      from: global, inputs: shard.inputs, labels: shard.labels, schedule: schedule,
      random: &random)
    var update = Float.zeros(global.count)
    var target = update.mutableSpan
    Vectors.subtract(trainer.parameters.span, global.span, into: &target)
    return update
  }
}
