import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Training

/// The mean gradient of the loss over all of a client's clean examples, taken by the trainer of its
/// round.
///
/// Batches are those of honest training in an order that the job's seed path fixes; their gradients are
/// summed in `Double`, each as often as its batch has examples. The trainer counts them.
struct CleanGradient: LocalTrainingHook {
  private var sum: [Double]
  private var batchSize = 0
  private var exampleCount = 0

  private init(count: Int) { sum = [Double](repeating: 0, count: count) }

  /// Returns the gradient at the global model, d values.
  ///
  /// - Precondition: the shard has an example.
  /// - Complexity: one pass through the model per example, O(d) per batch.
  static func mean(over shard: Shard, of job: LocalJob, with trainer: inout LocalTrainer) -> [Float]
  {
    var hook = CleanGradient(count: job.global.count)
    let path = job.seed.child("clean-gradient")
    var random = path.stream()
    // The hook draws nothing.
    var unused = path.stream()
    trainer.train(
      from: job.global, inputs: shard.inputs, labels: shard.labels,
      schedule: LocalSchedule(
        length: .epochs(1), batchSize: job.schedule.batchSize,
        learningRate: job.schedule.learningRate),
      hook: &hook, random: &random, hookRandom: &unused)
    let count = Double(max(1, hook.exampleCount))
    return hook.sum.map { Float($0 / count) }
  }

  mutating func adjustBatch(
    _: inout MutableSpan<Float>, labels: inout MutableSpan<Int>, random _: inout RandomStream,
    step _: LocalStep
  ) {
    batchSize = labels.count
    exampleCount += batchSize
  }

  /// Takes the gradient in, and leaves none: the parameters stay.
  mutating func adjustGradient(
    _ gradient: inout MutableSpan<Float>, at _: Span<Float>, anchor _: Span<Float>,
    step _: LocalStep
  ) {
    for index in gradient.indices {
      sum[index] += Double(batchSize) * Double(gradient[index])
      gradient[index] = 0
    }
  }
}
