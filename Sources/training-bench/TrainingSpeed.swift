import Determinism
import Synchronization
import Tensors
import Training

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How fast a model trains.
struct TrainingSpeed {
  /// Examples per second of wall time, of all threads together.
  let examples: Double
  /// Examples per second of processor time.
  let examplesPerProcessorSecond: Double
  /// Multiply-adds per second of processor time, forward and both gradients.
  let products: Double

  /// Measures; the middle run counts.
  ///
  /// With `tokens` inputs are numbers of so many of them.
  init(
    _ model: any Model, tokens: Int?, batchSize: Int, threads: Int, seconds: Double, runs: Int
  ) {
    let stepCount = 8
    let count = batchSize * stepCount
    var random = SeedPath(root: 1).stream()
    let start = model.initialParameters(using: &random)
    let inputs = Matrix(
      rowCount: count, columnCount: model.inputCount,
      values: (0..<count * model.inputCount).map { _ in
        let value = random.unit()
        return tokens.map { Float(Int(value * Double($0))) } ?? Float(value)
      })
    let labels = (0..<count).map { $0 % model.classCount }
    let pool = WorkPool(width: threads)
    let trainers = Mutex(
      (0..<threads).map { _ in LocalTrainer(model: model, batchSize: batchSize) })
    func train(_ epochs: Int) -> (wall: Double, processor: Double) {
      let schedule = LocalSchedule(
        length: .epochs(epochs), batchSize: batchSize, learningRate: 0.01)
      let clock = ContinuousClock()
      let (began, processor) = (clock.now, Self.processorSeconds())
      pool.run(threads) { _, index in
        var trainer = trainers.withLock { $0.removeLast() }
        var order = SeedPath(root: 2).child(index).stream()
        trainer.train(
          from: start, inputs: inputs, labels: labels, schedule: schedule, random: &order)
        trainers.withLock { $0.append(trainer) }
      }
      let wall = (clock.now - began) / .seconds(1)
      return (wall, Self.processorSeconds() - processor)
    }
    // The first run says how many epochs fill the time.
    let first = train(1)
    let epochs = max(1, Int(seconds / max(first.wall, 1e-6)))
    let times = (0..<runs).map { _ in train(epochs) }
    let total = Double(epochs * count * threads)
    let wall = times.map(\.wall).sorted()[runs / 2]
    let processor = times.map(\.processor).sorted()[runs / 2]
    examples = total / wall
    examplesPerProcessorSecond = total / processor
    // Nobody takes the gradient by the inputs of the first layer.
    let products = model.productsPerExample
    self.products = (3 * products.all - products.first) * total / processor
  }

  private static func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

  func row(_ id: String) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(width - text.count, 0)) + text
    }
    let name = id + String(repeating: " ", count: max(0, 12 - id.count))
    return name + padded("\(Int(examples))", 11)
      + padded("\(Int(examplesPerProcessorSecond))", 32)
      + padded("\(Int(products * 1e-9)).\(Int(products * 1e-8) % 10) billion", 18)
  }

  func json(_ id: String) -> String {
    "{\"model\": \"\(id)\", \"examples_per_second\": \(Int(examples)), "
      + "\"examples_per_processor_second\": \(Int(examplesPerProcessorSecond)), "
      + "\"products_per_processor_second\": \(Int(products))}"
  }
}
