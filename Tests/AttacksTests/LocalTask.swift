import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Training

/// A small model with the data of one client, to train with an attack.
struct LocalTask {
  let model = Sequential.perceptron(inputs: 6, hidden: [], classes: 3, initialization: .glorot)
  let global: [Float]
  let shard: Shard

  init() {
    var random = SeedPath(root: 3).stream()
    global = model.initialParameters(using: &random)
    let values = (0..<12 * 6).map { _ in Float(random.normal()) }
    shard = Shard(
      inputs: Matrix(rowCount: 12, columnCount: 6, values: values),
      labels: (0..<12).map { $0 % 3 }, classCount: 3, shape: .vector(6))
  }

  /// A setup for this model.
  var setup: AttackSetup {
    AttackSetup(
      participantCount: 10, classCount: 3, shape: .vector(6), layout: model.layout, serverRate: 1,
      schedule: schedule(epochs: 1), seed: SeedPath(root: 1))
  }

  func schedule(epochs: Int, momentum: Float = 0, decay: Float = 0) -> LocalSchedule {
    LocalSchedule(
      length: .epochs(epochs), batchSize: 12, learningRate: 0.25, momentum: momentum,
      weightDecay: decay)
  }

  func job(epochs: Int = 1, momentum: Float = 0, decay: Float = 0) -> LocalJob {
    LocalJob(
      client: ClientID(0), round: 0, global: global, shard: shard,
      schedule: schedule(epochs: epochs, momentum: momentum, decay: decay),
      seed: SeedPath(root: 6))
  }

  /// The parameters that a client trains.
  func trained(
    _ pipeline: AttackPipeline, epochs: Int = 1, momentum: Float = 0, decay: Float = 0
  ) -> [Float] {
    var trainer = LocalTrainer(model: model, batchSize: 12)
    var random = SeedPath(root: 4).stream()
    pipeline.train(
      job(epochs: epochs, momentum: momentum, decay: decay), with: &trainer, random: &random)
    return trainer.parameters
  }

  /// X − G of what a client trains.
  func difference(_ pipeline: AttackPipeline, epochs: Int = 1) -> [Float] {
    zip(trained(pipeline, epochs: epochs), global).map { $0 - $1 }
  }

  /// A global model before this one, so that the last step is known.
  func broadcasts(direction: [Float]) -> [Broadcast] {
    [
      Broadcast(round: 0, global: zip(global, direction).map { $0 - $1 }, isActing: false),
      Broadcast(round: 1, global: global, isActing: true),
    ]
  }
}
