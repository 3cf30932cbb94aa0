public import Determinism
import Kernels
public import Tensors

/// Mini-batch stochastic gradient descent on one party's data, with buffers that are made once.
///
/// One value per thread; after training the result is in ``parameters``. Nothing is allocated per
/// step.
public struct LocalTrainer: Sendable {
  public let model: any Model
  /// The local parameters, d values.
  public private(set) var parameters: [Float]
  /// The gradients of single examples that this trainer has taken since it was made.
  public private(set) var gradientCount = 0
  /// Asked before each step; `nil`: training goes on to the end.
  ///
  /// Once it says so, training ends there, with a result that is good for nothing.
  private let shouldStop: (@Sendable () -> Bool)?
  private var gradient: [Float]
  private var velocity: [Float]
  private var batchInputs: [Float]
  private var batchLabels: [Int]
  private var order: [Int] = []
  private var workspace: ModelWorkspace
  /// What augmentation draws from, and its room for one image.
  private var augmentationRandom = SeedPath(root: 0).stream()
  private var image: [Float] = []

  /// Creates a trainer for batches of up to `batchSize` examples.
  public init(
    model: any Model, batchSize: Int, shouldStop: (@Sendable () -> Bool)? = nil
  ) {
    self.model = model
    self.shouldStop = shouldStop
    parameters = [Float](repeating: 0, count: model.layout.count)
    gradient = parameters
    velocity = []
    batchInputs = [Float](repeating: 0, count: batchSize * model.inputCount)
    batchLabels = [Int](repeating: 0, count: batchSize)
    workspace = model.makeWorkspace(batchSize: batchSize)
  }

  /// Trains from `start` and leaves the result in ``parameters``.
  ///
  /// - Parameters:
  ///   - start: Where training starts, d values.
  ///   - anchor: The global parameters, which hooks measure from; `nil`: the start.
  ///   - inputs: One example per row.
  ///   - labels: One class per row; at least one.
  ///   - schedule: How long and how fast; its batch size is capped by the number of examples.
  ///   - hook: What to change in each step; keeps what it learned.
  ///   - random: Orders the examples; before that, one draw of it seeds what the model draws, if it
  ///     does, and one what augmentation draws, if there is any.
  ///   - hookRandom: The stream of the hook.
  /// - Returns: The number of steps.
  @discardableResult
  public mutating func train(
    from start: [Float], anchor: [Float]? = nil, inputs: ExampleMatrix, labels: [Int],
    schedule: LocalSchedule, hook: inout some LocalTrainingHook, random: inout RandomStream,
    hookRandom: inout RandomStream
  ) -> Int {
    precondition(!labels.isEmpty, "local training needs at least one example")
    precondition(start.count == parameters.count, "\(start.count) of \(parameters.count) values")
    ensureRoom(for: min(schedule.batchSize, labels.count))
    let anchor = anchor ?? start
    Self.copy(start, into: &parameters)
    if schedule.momentum != 0 { resetVelocity() }
    seedPasses(&random, schedule)

    var cursor = BatchCursor(exampleCount: labels.count, schedule: schedule)
    while let batch = cursor.next() {
      if let shouldStop, shouldStop() { return cursor.stepCount - 1 }
      if batch.startsPass { reorder(labels.count, random: &random) }
      let isGoingOn = step(
        batch.range, inputs, labels, anchor, schedule, &hook, &hookRandom, cursor.stepCount - 1)
      guard isGoingOn else { return cursor.stepCount - 1 }
    }
    return cursor.stepCount
  }

  /// Trains without a hook.
  public mutating func train(
    from start: [Float], inputs: ExampleMatrix, labels: [Int], schedule: LocalSchedule,
    random: inout RandomStream
  ) {
    var hook = NoHook()
    // Without a hook nothing draws from it.
    var unused = random
    train(
      from: start, inputs: inputs, labels: labels, schedule: schedule, hook: &hook,
      random: &random, hookRandom: &unused)
  }

  /// Computes the gradient of the mean loss over one random batch at `anchor`.
  ///
  /// Used by FedSGD; the result is in ``lastGradient``.
  public mutating func computeGradient(
    at anchor: [Float], inputs: ExampleMatrix, labels: [Int], schedule: LocalSchedule,
    random: inout RandomStream
  ) {
    let size = min(schedule.batchSize, labels.count)
    ensureRoom(for: size)
    Self.copy(anchor, into: &parameters)
    seedPasses(&random, schedule)
    resetOrder(labels.count)
    // One batch needs no more of the shuffle than its own places.
    random.shuffleEnd(size, of: &order)
    loadBatch(labels.count - size..<labels.count, inputs, labels, schedule)
    gradientCount += size
    Self.differentiate(
      model, batchInputs, batchLabels, count: size, at: parameters, into: &gradient, &workspace)
    if schedule.weightDecay != 0 {
      Self.add(schedule.weightDecay, parameters, into: &gradient)
    }
  }

  /// Counts passes of single examples forward alone, three of which are about the work of a gradient.
  public mutating func note(forwardPasses count: Int) { gradientCount += (count + 2) / 3 }

  /// The gradient that the last step used, d values.
  public var lastGradient: [Float] { gradient }
}

extension LocalTrainer {
  /// Takes one step; returns whether training goes on.
  private mutating func step(
    _ range: Range<Int>, _ inputs: ExampleMatrix, _ labels: [Int], _ anchor: [Float],
    _ schedule: LocalSchedule, _ hook: inout some LocalTrainingHook,
    _ hookRandom: inout RandomStream, _ index: Int
  ) -> Bool {
    let step = LocalStep(index: index, learningRate: schedule.learningRate)
    loadBatch(range, inputs, labels, schedule)
    gradientCount += range.count
    Self.adjustBatch(
      &batchInputs, &batchLabels, count: range.count, width: inputs.columnCount, &hook,
      &hookRandom, step)
    if hook.replacesLoss {
      Self.differentiate(
        model, batchInputs, batchLabels, count: range.count, at: parameters, into: &gradient,
        &workspace, by: &hook)
    } else if hook.readsLoss {
      let loss = Self.differentiateWithLoss(
        model, batchInputs, batchLabels, count: range.count, at: parameters, into: &gradient,
        &workspace)
      if hook.shouldStop(afterLoss: loss / Double(range.count), step: step) { return false }
    } else {
      Self.differentiate(
        model, batchInputs, batchLabels, count: range.count, at: parameters, into: &gradient,
        &workspace)
    }
    Self.optimize(
      &parameters, &gradient, &velocity, anchor: anchor, schedule: schedule, hook: &hook, step: step
    )
    return true
  }

  private static func adjustBatch(
    _ inputs: inout [Float], _ labels: inout [Int], count: Int, width: Int,
    _ hook: inout some LocalTrainingHook, _ random: inout RandomStream, _ step: LocalStep
  ) {
    var allInputs = inputs.mutableSpan
    var allLabels = labels.mutableSpan
    var inputs = allInputs._mutatingExtracting(0..<count * width)
    var labels = allLabels._mutatingExtracting(0..<count)
    hook.adjustBatch(&inputs, labels: &labels, random: &random, step: step)
  }

  // The methods below take buffers one by one, because spans of two properties of one value count
  // as overlapping accesses to the value.

  private static func optimize(
    _ parameters: inout [Float], _ gradient: inout [Float], _ velocity: inout [Float],
    anchor: [Float], schedule: LocalSchedule, hook: inout some LocalTrainingHook, step: LocalStep
  ) {
    var gradientSpan = gradient.mutableSpan
    if schedule.proximal != 0 {
      pull(&gradientSpan, by: schedule.proximal, parameters.span, towards: anchor.span)
    }
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

  /// Adds the gradient of FedProx's term.
  private static func pull(
    _ gradient: inout MutableSpan<Float>, by factor: Float, _ parameters: Span<Float>,
    towards anchor: Span<Float>
  ) {
    for i in gradient.indices {
      gradient[i] = gradient[i].addingProduct(factor, parameters[i] - anchor[i])
    }
  }

  private static func add(_ factor: Float, _ x: [Float], into y: inout [Float]) {
    var target = y.mutableSpan
    Vectors.axpy(factor, x.span, into: &target)
  }

  /// Gathers the examples at `order[range]`, and changes them as the schedule says.
  private mutating func loadBatch(
    _ range: Range<Int>, _ inputs: ExampleMatrix, _ labels: [Int], _ schedule: LocalSchedule
  ) {
    Self.gather(inputs, order, range, into: &batchInputs)
    if let augmentation = schedule.augmentation {
      Self.augment(
        augmentation, &batchInputs, count: range.count, &image, &augmentationRandom)
    }
    for (slot, position) in range.enumerated() { batchLabels[slot] = labels[order[position]] }
  }

  private static func gather(
    _ inputs: ExampleMatrix, _ order: [Int], _ range: Range<Int>, into batch: inout [Float]
  ) {
    var rows = batch.mutableSpan
    inputs.gather(order.span.extracting(range), into: &rows)
  }

  private static func augment(
    _ augmentation: ImageAugmentation, _ batch: inout [Float], count: Int,
    _ scratch: inout [Float], _ random: inout RandomStream
  ) {
    var images = batch.mutableSpan
    augmentation.apply(to: &images, count: count, scratch: &scratch, random: &random)
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

  private static func differentiate(
    _ model: any Model, _ inputs: [Float], _ labels: [Int], count: Int, at parameters: [Float],
    into gradient: inout [Float], _ workspace: inout ModelWorkspace,
    by hook: inout some LocalTrainingHook
  ) {
    var gradientSpan = gradient.mutableSpan
    hook.differentiate(
      inputs: inputs.span.extracting(0..<count * model.inputCount),
      labels: labels.span.extracting(0..<count), at: parameters.span, model: model,
      into: &gradientSpan, workspace: &workspace)
  }

  private static func differentiateWithLoss(
    _ model: any Model, _ inputs: [Float], _ labels: [Int], count: Int, at parameters: [Float],
    into gradient: inout [Float], _ workspace: inout ModelWorkspace
  ) -> Double {
    var gradientSpan = gradient.mutableSpan
    return model.lossAndGradient(
      inputs: inputs.span.extracting(0..<count * model.inputCount),
      labels: labels.span.extracting(0..<count), parameters: parameters.span,
      into: &gradientSpan, workspace: &workspace)
  }

  private mutating func seedPasses(_ random: inout RandomStream, _ schedule: LocalSchedule) {
    if model.isRandom { workspace.pass.random = SeedPath(root: random.next()).stream() }
    if schedule.augmentation != nil {
      augmentationRandom = SeedPath(root: random.next()).stream()
    }
  }

  private mutating func reorder(_ count: Int, random: inout RandomStream) {
    resetOrder(count)
    random.shuffle(&order)
  }

  private mutating func resetOrder(_ count: Int) {
    if order.count != count {
      order.removeAll(keepingCapacity: true)
      order.append(contentsOf: 0..<count)
    } else {
      for i in 0..<count { order[i] = i }
    }
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

  // Static: as a method it would share the target with a copy of the trainer.
  private static func copy(_ source: [Float], into target: inout [Float]) {
    var values = target.mutableSpan
    Memory.copy(source.span, into: &values)
  }
}
