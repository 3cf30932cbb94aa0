import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Training

/// Examples of another distribution with labels of the server's own: a task that only models
/// trained on it solve.
struct IndicatorTask: Sendable {
  private let model: any Model
  private let inputs: Matrix<Float>
  private var labels: [Int]

  /// Gives each example a label: every class as often as every other, but for one, in random order.
  init(examples: Shard, model: any Model, random: inout RandomStream) {
    self.model = model
    inputs = examples.inputs.numbers
    var labels = examples.labels.indices.map { $0 % model.classCount }
    random.shuffle(&labels)
    self.labels = labels
  }

  mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&labels)
    pass.require(
      labels.count == inputs.rowCount && labels.allSatisfy { (0..<model.classCount).contains($0) },
      "it does not have a label for each of \(inputs.rowCount) examples")
  }

  /// Returns what training on the task makes of parameters.
  func planted(
    in start: [Float], schedule: LocalSchedule, proximity: ProximityTerm,
    random: inout RandomStream
  ) -> [Float] {
    var trainer = LocalTrainer(model: model, batchSize: min(schedule.batchSize, labels.count))
    var hook = proximity
    // The hook draws nothing.
    var unused = random
    trainer.train(
      from: start, inputs: inputs, labels: labels, schedule: schedule, hook: &hook,
      random: &random, hookRandom: &unused)
    return trainer.parameters
  }

  /// The largest share of a label's examples that a model predicts as that label; labels without an
  /// example do not count.
  ///
  /// An example whose scores are not all finite is predicted as nothing; of equal scores the lowest
  /// class wins.
  func accuracy(of parameters: [Float]) -> Double {
    var counts = [Int](repeating: 0, count: model.classCount)
    var hits = counts
    for (label, prediction) in zip(labels, predictions(of: parameters)) {
      counts[label] += 1
      if prediction == label { hits[label] += 1 }
    }
    return zip(hits, counts).reduce(0) { $1.1 == 0 ? $0 : max($0, Double($1.0) / Double($1.1)) }
  }

  private func predictions(of parameters: [Float]) -> [Int] {
    let blockSize = min(256, labels.count)
    var workspace = model.makeWorkspace(batchSize: blockSize)
    var scores = Float.zeros(blockSize * model.classCount)
    var classes = [Int](repeating: -1, count: blockSize)
    var predictions: [Int] = []
    for start in stride(from: 0, to: labels.count, by: blockSize) {
      let count = min(blockSize, labels.count - start)
      let width = inputs.columnCount
      var all = scores.mutableSpan
      var target = all._mutatingExtracting(0..<count * model.classCount)
      model.scores(
        inputs: inputs.span.extracting(start * width..<(start + count) * width), count: count,
        parameters: parameters.span, into: &target, workspace: &workspace)
      var chosen = classes.mutableSpan
      SoftmaxCrossEntropy.argmax(
        scores.span, into: &chosen, batchCount: count, classCount: model.classCount)
      predictions += classes.prefix(count)
    }
    return predictions
  }
}
