public import Determinism
public import Kernels
public import Tensors

/// Mini-batch stochastic gradient descent on one party's data, with buffers that are made once.
///
/// One value per thread; after ``train(from:inputs:labels:schedule:hook:random:)`` the trained
/// parameters are in ``parameters``. Nothing is allocated per step.
public struct LocalTrainer: Sendable {
  public let model: any Model
  /// The local parameters, d values.
  public private(set) var parameters: [Float]
  private var gradient: [Float]
  private var velocity: [Float]
  private var batchInputs: [Float]
  private var batchLabels: [Int]
  private var order: [Int] = []
  private var workspace: ModelWorkspace

  /// Creates a trainer for batches of up to `batchSize` examples.
  public init(model: any Model, batchSize: Int) {
    self.model = model
    parameters = [Float](repeating: 0, count: model.layout.count)
    gradient = parameters
    velocity = []
    batchInputs = [Float](repeating: 0, count: batchSize * model.inputCount)
    batchLabels = [Int](repeating: 0, count: batchSize)
    workspace = model.makeWorkspace(batchSize: batchSize)
  }

  /// Trains from `anchor` and leaves the result in ``parameters``.
  ///
  /// - Parameters:
  ///   - anchor: The global parameters, d values.
  ///   - inputs: One example per row.
  ///   - labels: One class per row; at least one.
  ///   - schedule: How long and how fast; its batch size is capped by the number of examples.
  ///   - hook: What to change in each step.
  ///   - random: Orders the examples, nothing else.
  public mutating func train(
    from anchor: [Float], inputs: Matrix<Float>, labels: [Int], schedule: LocalSchedule,
    hook: some LocalTrainingHook = NoHook(), random: inout RandomStream
  ) {
    precondition(!labels.isEmpty, "local training needs at least one example")
    precondition(anchor.count == parameters.count, "\(anchor.count) of \(parameters.count) values")
    ensureRoom(for: min(schedule.batchSize, labels.count))
    var hook = hook
    copy(anchor, into: &parameters)
    if schedule.momentum != 0 { resetVelocity() }

    var steps = 0
    switch schedule.length {
    case .epochs(let epochs):
      for _ in 0..<epochs {
        reorder(labels.count, random: &random)
        var start = 0
        while start < labels.count {
          let end = min(start + schedule.batchSize, labels.count)
          step(start..<end, inputs, labels, anchor, schedule, &hook, &steps)
          start = end
        }
      }
    case .steps(let count):
      var start = labels.count
      for _ in 0..<count {
        if start >= labels.count {
          reorder(labels.count, random: &random)
          start = 0
        }
        let end = min(start + schedule.batchSize, labels.count)
        step(start..<end, inputs, labels, anchor, schedule, &hook, &steps)
        start = end
      }
    }
  }

  /// Computes the gradient of the mean loss over one random batch at `anchor`.
  ///
  /// Used by FedSGD; the result is in ``lastGradient``.
  public mutating func computeGradient(
    at anchor: [Float], inputs: Matrix<Float>, labels: [Int], schedule: LocalSchedule,
    random: inout RandomStream
  ) {
    let size = min(schedule.batchSize, labels.count)
    ensureRoom(for: size)
    copy(anchor, into: &parameters)
    reorder(labels.count, random: &random)
    loadGradient(0..<size, inputs, labels)
    if schedule.weightDecay != 0 {
      Self.add(schedule.weightDecay, parameters, into: &gradient)
    }
  }

  /// The gradient that the last step used, d values.
  public var lastGradient: [Float] { gradient }
}

extension LocalTrainer {
  private mutating func step(
    _ range: Range<Int>, _ inputs: Matrix<Float>, _ labels: [Int], _ anchor: [Float],
    _ schedule: LocalSchedule, _ hook: inout some LocalTrainingHook, _ steps: inout Int
  ) {
    loadGradient(range, inputs, labels)
    let step = LocalStep(index: steps, learningRate: schedule.learningRate)
    steps += 1
    Self.optimize(
      &parameters, &gradient, &velocity, anchor: anchor, schedule: schedule, hook: &hook, step: step
    )
  }

  // The methods below take buffers one by one, because spans of two properties of one value count
  // as overlapping accesses to the value.

  private static func optimize(
    _ parameters: inout [Float], _ gradient: inout [Float], _ velocity: inout [Float],
    anchor: [Float], schedule: LocalSchedule, hook: inout some LocalTrainingHook, step: LocalStep
  ) {
    var gradientSpan = gradient.mutableSpan
    hook.adjustGradient(&gradientSpan, at: parameters.span, anchor: anchor.span, step: step)
    var parameterSpan = parameters.mutableSpan
    if schedule.momentum == 0 {
      Vectors.sgdStep(
        &parameterSpan, gradient: gradientSpan.span, learningRate: schedule.learningRate,
        weightDecay: schedule.weightDecay)
    } else {
      var velocitySpan = velocity.mutableSpan
      Vectors.sgdStep(
        &parameterSpan, velocity: &velocitySpan, gradient: gradientSpan.span,
        learningRate: schedule.learningRate, weightDecay: schedule.weightDecay,
        momentum: schedule.momentum)
    }
    hook.adjustParameters(&parameterSpan, anchor: anchor.span, step: step)
  }

  private static func add(_ factor: Float, _ x: [Float], into y: inout [Float]) {
    var target = y.mutableSpan
    Vectors.axpy(factor, x.span, into: &target)
  }

  /// Gathers the examples at `order[range]` and computes the gradient there.
  private mutating func loadGradient(
    _ range: Range<Int>, _ inputs: Matrix<Float>, _ labels: [Int]
  ) {
    Self.gather(inputs, order, range, into: &batchInputs)
    for (slot, position) in range.enumerated() { batchLabels[slot] = labels[order[position]] }
    Self.differentiate(
      model, batchInputs, batchLabels, count: range.count, at: parameters, into: &gradient,
      &workspace)
  }

  private static func gather(
    _ inputs: Matrix<Float>, _ order: [Int], _ range: Range<Int>, into batch: inout [Float]
  ) {
    var rows = batch.mutableSpan
    Vectors.gatherRows(
      of: inputs.values.span, columnCount: inputs.columnCount,
      indices: order.span.extracting(range), into: &rows)
  }

  private static func differentiate(
    _ model: any Model, _ inputs: [Float], _ labels: [Int], count: Int, at parameters: [Float],
    into gradient: inout [Float], _ workspace: inout ModelWorkspace
  ) {
    var gradientSpan = gradient.mutableSpan
    model.gradient(
      inputs: inputs.span.extracting(0..<count * model.inputCount),
      labels: labels.span.extracting(0..<count), parameters: parameters.span,
      into: &gradientSpan, workspace: &workspace)
  }

  private mutating func reorder(_ count: Int, random: inout RandomStream) {
    if order.count != count {
      order.removeAll(keepingCapacity: true)
      order.append(contentsOf: 0..<count)
    } else {
      for i in 0..<count { order[i] = i }
    }
    random.shuffle(&order)
  }

  private mutating func resetVelocity() {
    if velocity.isEmpty {
      velocity = [Float](repeating: 0, count: parameters.count)
    } else {
      for i in velocity.indices { velocity[i] = 0 }
    }
  }

  private mutating func ensureRoom(for batchSize: Int) {
    guard batchSize > workspace.batchSize else { return }
    batchInputs = [Float](repeating: 0, count: batchSize * model.inputCount)
    batchLabels = [Int](repeating: 0, count: batchSize)
    workspace = model.makeWorkspace(batchSize: batchSize)
  }

  private func copy(_ source: [Float], into target: inout [Float]) {
    for i in target.indices { target[i] = source[i] }
  }
}
