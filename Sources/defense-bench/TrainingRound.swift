import Determinism
import Synchronization
import Tensors
import Training

/// What the clients of a round do, to compare the cost of a rule with.
enum TrainingRound {
  private static let exampleCount = 60
  private static let schedule = LocalSchedule(
    length: .epochs(1), batchSize: 32, learningRate: 0.05)

  /// Times one epoch of each client on the examples that it would have of Fashion-MNIST: 784 inputs,
  /// and a hidden layer that gives about as many parameters as there are columns.
  static func measure(_ size: BenchSize, threads: Int, calls: Int) -> Timing {
    let hidden = max(1, (size.columnCount - 10) / 795)
    let model = Sequential.perceptron(
      inputs: 784, hidden: [hidden], classes: 10, initialization: .he)
    var random = SeedPath(root: 4).stream()
    let start = model.initialParameters(using: &random)
    let inputs = (0..<exampleCount * 784).map { _ in Float(random.unit()) }
    let examples = Matrix(rowCount: exampleCount, columnCount: 784, values: inputs)
    let labels = (0..<exampleCount).map { $0 % 10 }
    let pool = WorkPool(width: threads)
    var updates = Matrix<Float>(rowCount: size.rowCount, columnCount: model.layout.count)
    let trainers = Mutex(
      (0..<threads).map { _ in LocalTrainer(model: model, batchSize: schedule.batchSize) })
    var timer = CallTimer()
    for _ in 0...calls {
      timer.time {
        updates.forEachRow(pool: pool) { _, row, target in
          var trainer = trainers.withLock { $0.removeLast() }
          var random = SeedPath(root: 5).child(row).stream()
          trainer.train(
            from: start, inputs: examples, labels: labels, schedule: schedule, random: &random)
          for i in target.indices { target[i] = trainer.parameters[i] - start[i] }
          trainers.withLock { $0.append(trainer) }
        }
      }
    }
    return Timing(
      name: "(training)", kind: "training", size: size, threads: threads, calls: timer.calls,
      bits: timer.bits, reason: nil)
  }
}
