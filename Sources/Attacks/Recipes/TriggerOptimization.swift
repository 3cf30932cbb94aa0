import Components
import Datasets
import Determinism
import Federation
import Tensors
import Training

/// Fits a trigger to a model on the examples of all controlled clients, by gradients of the inputs.
///
/// The loss of a trigger is the mean cross-entropy of the marked examples with the target as label;
/// examples are those that count for the attack success rate. Sums over examples are in double
/// precision, in the order of the clients.
struct TriggerOptimization: Sendable {
  static let parameters = [
    ParameterSpec(
      "samples", .integer(1...1_000_000), default: .integer(256),
      help: "examples of the controlled clients that the trigger is optimised on, at most"),
    ParameterSpec(
      "low", .real(-1e6...1e6), default: .real(0),
      help: "least value of the trigger, in the unit of the data"),
    ParameterSpec(
      "high", .real(-1e6...1e6), default: .real(1),
      help: "largest value of the trigger, in the unit of the data"),
  ]

  let model: any Model
  let shape: InputShape
  /// What the trigger is put on, with the true labels.
  let examples: Shard
  let target: Int
  private let low: [Float]
  private let high: [Float]
  /// The gradients of single examples that were taken.
  private(set) var gradientCount = 0

  /// Reads `samples`, `low` and `high`; the examples are drawn from the child `trigger-samples` of the
  /// setup's seed path.
  ///
  /// `nil` on a bare matrix, before data are loaded, and where no controlled client has an example that
  /// counts: there is nothing to optimise on.
  init?(
    _ arguments: Arguments, setup: AttackSetup, backdoor: Backdoor?, component: ComponentID,
    problems: inout [ConfigurationError.Problem]
  ) {
    let (low, high) = (Float(arguments.real("low")), Float(arguments.real("high")))
    if low >= high {
      problems.append(
        .invalid(component: component, reason: "low, \(low), has to be below high, \(high)"))
    }
    if setup.alphabet != nil {
      problems.append(
        .invalid(
          component: component,
          reason:
            "optimises the values of a trigger, and inputs are characters, which have no gradient"
        ))
    }
    guard let backdoor, let model = setup.model, let first = setup.shards.first else { return nil }
    var rows: [(shard: Int, row: Int)] = []
    for (index, shard) in setup.shards.enumerated() {
      for row in 0..<shard.count where backdoor.applies(to: shard.labels[row]) {
        rows.append((index, row))
      }
    }
    guard !rows.isEmpty else { return nil }
    let count = min(arguments.integer("samples"), rows.count)
    var random = setup.seed.child("trigger-samples").stream()
    let chosen = random.sample(count, of: rows.count).sorted().map { rows[$0] }
    var inputs = Matrix<Float>(rowCount: count, columnCount: first.inputs.columnCount)
    for (place, choice) in chosen.enumerated() {
      inputs.setRow(place, toRow: choice.row, of: setup.shards[choice.shard].inputs)
    }
    examples = Shard(
      inputs: inputs, labels: chosen.map { setup.shards[$0.shard].labels[$0.row] },
      classCount: first.classCount, shape: first.shape)
    self.model = model
    shape = setup.shape
    target = backdoor.target
    let channels = 0..<setup.shape.channelCount
    self.low = channels.map { setup.normalization?.value(low, at: $0) ?? low }
    self.high = channels.map { setup.normalization?.value(high, at: $0) ?? high }
  }

  /// Passes over the count; all else it was made with.
  mutating func checkpoint(_ pass: inout CheckpointPass) { pass.visit(natural: &gradientCount) }

  /// Returns the gradient, by each feature, of the loss of a trigger: what changes when the same
  /// feature of all marked examples is changed.
  ///
  /// - Complexity: one pass through the model per example.
  mutating func gradient(at parameters: [Float], with trigger: Trigger) -> [Double] {
    gradientCount += examples.count
    let width = examples.inputs.columnCount
    let size = min(Self.blockSize, examples.count)
    var workspace = model.makeWorkspace(batchSize: size)
    let labels = [Int](repeating: target, count: size)
    var batch = [Float](repeating: 0, count: size * width)
    var gradient = batch
    var sum = [Double](repeating: 0, count: width)
    for start in stride(from: 0, to: examples.count, by: size) {
      let count = min(size, examples.count - start)
      fill(&batch, from: start, count: count, with: trigger)
      var all = gradient.mutableSpan
      var target = all._mutatingExtracting(0..<count * width)
      model.inputGradient(
        inputs: batch.span.extracting(0..<count * width), labels: labels.span.extracting(0..<count),
        parameters: parameters.span, into: &target, workspace: &workspace)
      for row in 0..<count {
        for feature in 0..<width {
          sum[feature] += Double(count) * Double(gradient[row * width + feature])
        }
      }
    }
    return sum.map { $0 / Double(examples.count) }
  }

  /// Returns what the model becomes if it is trained to take the marked examples for what they are: the
  /// trigger is unlearned.
  ///
  /// - Parameters:
  ///   - start: The parameters before it.
  ///   - trigger: What marks the examples.
  ///   - steps: How many steps of gradient descent on all examples together.
  ///   - rate: Their size.
  /// - Returns: The parameters after the last step.
  /// - Complexity: one pass through the model per example and step.
  mutating func unlearned(
    from start: [Float], with trigger: Trigger, steps: Int, rate: Double
  ) -> [Float] {
    gradientCount += steps * examples.count
    let width = examples.inputs.columnCount
    let size = min(Self.blockSize, examples.count)
    var workspace = model.makeWorkspace(batchSize: size)
    var batch = [Float](repeating: 0, count: size * width)
    var gradient = [Float](repeating: 0, count: start.count)
    var parameters = start
    for _ in 0..<steps {
      var sum = [Double](repeating: 0, count: start.count)
      for first in stride(from: 0, to: examples.count, by: size) {
        let count = min(size, examples.count - first)
        fill(&batch, from: first, count: count, with: trigger)
        var target = gradient.mutableSpan
        model.gradient(
          inputs: batch.span.extracting(0..<count * width),
          labels: examples.labels.span.extracting(first..<first + count),
          parameters: parameters.span, into: &target, workspace: &workspace)
        for index in sum.indices { sum[index] += Double(count) * Double(gradient[index]) }
      }
      for index in parameters.indices {
        parameters[index] = Float(
          Double(parameters[index]) - rate * (sum[index] / Double(examples.count)))
      }
    }
    return parameters
  }

  /// The most examples of one pass.
  private static let blockSize = 256

  private func fill(_ batch: inout [Float], from start: Int, count: Int, with trigger: Trigger) {
    let width = examples.inputs.columnCount
    for row in 0..<count {
      examples.inputs.withRow(start + row) { values in
        for feature in 0..<width { batch[row * width + feature] = values[feature] }
      }
      for (position, value) in zip(trigger.positions, trigger.values) {
        batch[row * width + position] = value
      }
    }
  }

  /// Returns the features of the pixels whose gradients are largest, ascending.
  ///
  /// A pixel counts with the magnitudes of its channels together; ties go to the earlier pixel.
  func positions(_ count: Int, by gradient: [Double]) -> [Int] {
    let channels = shape.channelCount
    let scores = (0..<gradient.count / channels).map { pixel in
      (0..<channels).reduce(0.0) { $0 + abs(gradient[pixel * channels + $1]) }
    }
    let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
    return order.prefix(count).sorted().flatMap { pixel in
      (0..<channels).map { pixel * channels + $0 }
    }
  }

  /// Returns a trigger at these features with the mean of the examples as values.
  func meanTrigger(at positions: [Int]) -> Trigger {
    let means = positions.map { position in
      (0..<examples.count).reduce(0.0) { $0 + Double(examples.inputs.row($1)[position]) }
        / Double(examples.count)
    }
    return Trigger(
      positions: positions,
      values: zip(positions, means).map { bounded(Float($1), at: $0) })
  }

  /// Returns the trigger with other values at the same features, within the bounds.
  func moved(_ trigger: Trigger, by change: (_ position: Int, _ value: Double) -> Double) -> Trigger
  {
    let values = zip(trigger.positions, trigger.values).map { position, value in
      bounded(Float(change(position, Double(value))), at: position)
    }
    return Trigger(positions: trigger.positions, values: values)
  }

  /// The problem of a trigger whose values cannot be optimised.
  static func problem(
    of trigger: Trigger?, component: ComponentID
  ) -> ConfigurationError.Problem? {
    guard let trigger, trigger.drawnCount > 0 else { return nil }
    return .invalid(
      component: component,
      reason: "a trigger that is drawn anew for each example has no values to optimise")
  }

  /// The value within the bounds of its feature.
  func bounded(_ value: Float, at position: Int) -> Float {
    let channel = position % low.count
    return min(max(value, low[channel]), high[channel])
  }
}
