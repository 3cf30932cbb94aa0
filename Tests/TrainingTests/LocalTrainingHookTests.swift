import Determinism
import Kernels
import Tensors
import Testing
import Training

@Suite struct LocalTrainingHookTests {
  /// Notes every call.
  private struct Recorder: LocalTrainingHook {
    let anchor: [Float]
    var entries: [String] = []

    mutating func adjustBatch(
      _ inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int>,
      random _: inout RandomStream, step: LocalStep
    ) {
      entries.append("batch \(step.index) \(inputs.count) \(labels.count)")
    }

    mutating func adjustGradient(
      _: inout MutableSpan<Float>, at parameters: Span<Float>, anchor: Span<Float>, step: LocalStep
    ) {
      let isStart = (0..<parameters.count).allSatisfy { parameters[$0] == self.anchor[$0] }
      let isAnchor = (0..<anchor.count).allSatisfy { anchor[$0] == self.anchor[$0] }
      entries.append("gradient \(step.index) \(step.learningRate) \(isStart) \(isAnchor)")
    }

    mutating func adjustParameters(
      _: inout MutableSpan<Float>, anchor _: Span<Float>, step: LocalStep
    ) {
      entries.append("parameters \(step.index)")
    }
  }

  private struct Zeroing: LocalTrainingHook {
    mutating func adjustGradient(
      _ gradient: inout MutableSpan<Float>, at _: Span<Float>, anchor _: Span<Float>,
      step _: LocalStep
    ) {
      for index in 0..<gradient.count { gradient[index] = 0 }
    }
  }

  private struct Projecting: LocalTrainingHook {
    mutating func adjustParameters(
      _ parameters: inout MutableSpan<Float>, anchor: Span<Float>, step _: LocalStep
    ) {
      for index in 0..<parameters.count { parameters[index] = 2 * anchor[index] }
    }
  }

  private struct Counting: LocalTrainingHook {
    var calls = 0

    mutating func adjustParameters(
      _ parameters: inout MutableSpan<Float>, anchor _: Span<Float>, step _: LocalStep
    ) {
      parameters[0] = Float(calls)
      calls += 1
    }
  }

  /// Overwrites batches, and draws what it overwrites them with.
  private struct Scrambling: LocalTrainingHook {
    mutating func adjustBatch(
      _ inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int>,
      random: inout RandomStream, step _: LocalStep
    ) {
      for index in inputs.indices { inputs[index] = Float(random.normal()) }
      for index in labels.indices { labels[index] = 0 }
    }
  }

  private struct Relabeling: LocalTrainingHook {
    let label: Int

    mutating func adjustBatch(
      _: inout MutableSpan<Float>, labels: inout MutableSpan<Int>, random _: inout RandomStream,
      step _: LocalStep
    ) {
      for index in labels.indices { labels[index] = label }
    }
  }

  /// Stops before some step, and notes the losses.
  private struct Stopping: LocalTrainingHook {
    let last: Int
    var losses: [Double] = []

    var readsLoss: Bool { true }

    mutating func shouldStop(afterLoss loss: Double, step: LocalStep) -> Bool {
      losses.append(loss)
      return step.index == last
    }
  }

  private let schedule = LocalSchedule(length: .epochs(2), batchSize: 3, learningRate: 0.25)

  @Test func `hooks see every step in order, before and after`() {
    let task = SampleTask(examples: 5)
    var trainer = task.trainer(batchSize: 2)
    var hook = Recorder(anchor: task.anchor)
    #expect(task.train(&trainer, schedule, seed: 1, keeping: &hook) == 4)
    let expected = (0..<4).flatMap {
      let size = $0 % 2 == 0 ? 3 : 2
      return [
        "batch \($0) \(size * 4) \(size)", "gradient \($0) 0.25 \($0 == 0) true",
        "parameters \($0)",
      ]
    }
    #expect(hook.entries == expected)
  }

  @Test(arguments: [0, 0.5] as [Float])
  func `what a hook makes of the gradient is what the step uses`(momentum: Float) {
    let task = SampleTask(examples: 5)
    var trainer = task.trainer(batchSize: 2)
    let schedule = LocalSchedule(
      length: .epochs(2), batchSize: 2, learningRate: 0.5, momentum: momentum)
    #expect(task.train(&trainer, schedule, seed: 1, hook: Zeroing()) == task.anchor)
    #expect(task.train(&trainer, schedule, seed: 1) != task.anchor)
  }

  @Test func `what a hook makes of the parameters stays`() {
    let task = SampleTask(examples: 5)
    var trainer = task.trainer(batchSize: 2)
    let result = task.train(
      &trainer, LocalSchedule(length: .steps(3), batchSize: 2, learningRate: 0.5), seed: 1,
      hook: Projecting())
    #expect(result == task.anchor.map { 2 * $0 })
  }

  @Test func `what a hook learned stays with its owner`() {
    let task = SampleTask(examples: 5)
    var trainer = task.trainer(batchSize: 2)
    let schedule = LocalSchedule(length: .steps(4), batchSize: 2, learningRate: 0.5)
    var hook = Counting()
    task.train(&trainer, schedule, seed: 1, keeping: &hook)
    #expect(trainer.parameters[0] == 3 && hook.calls == 4)
    task.train(&trainer, schedule, seed: 1, keeping: &hook)
    #expect(trainer.parameters[0] == 7 && hook.calls == 8)
    #expect(task.train(&trainer, schedule, seed: 1, hook: Counting())[0] == 3)
  }

  @Test func `no hook and an empty hook are the same`() {
    struct Empty: LocalTrainingHook {}
    let task = SampleTask(examples: 9)
    var trainer = task.trainer(batchSize: 4)
    let schedule = LocalSchedule(
      length: .epochs(2), batchSize: 4, learningRate: 0.1, momentum: 0.9, weightDecay: 0.01)
    let plain = task.train(&trainer, schedule, seed: 5)
    #expect(task.train(&trainer, schedule, seed: 5, hook: Empty()) == plain)
    var random = SeedPath(root: 5).stream()
    trainer.train(
      from: task.anchor, inputs: Matrix(rows: task.inputs), labels: task.labels,
      schedule: schedule, random: &random)
    #expect(trainer.parameters == plain)
  }

  @Test func `a batch is a copy`() {
    // Every example is used in each of two epochs: the second would see what the first wrote.
    let task = SampleTask(examples: 6)
    var trainer = task.trainer(batchSize: 6)
    let schedule = LocalSchedule(length: .epochs(2), batchSize: 6, learningRate: 0.5)
    let before = task.train(&trainer, schedule, seed: 3)
    let inputs = Matrix(rows: task.inputs)
    var hook = Scrambling()
    var random = SeedPath(root: 3).stream()
    var hookRandom = SeedPath(root: 4).stream()
    trainer.train(
      from: task.anchor, inputs: inputs, labels: task.labels, schedule: schedule, hook: &hook,
      random: &random, hookRandom: &hookRandom)
    #expect(trainer.parameters != before)
    #expect(inputs.values == task.inputs.flatMap { $0 })
    #expect(task.train(&trainer, schedule, seed: 3) == before)
  }

  @Test func `the labels of the batch are those that count`() {
    let task = SampleTask(examples: 6)
    var trainer = task.trainer(batchSize: 6)
    let relabeled = task.train(&trainer, schedule, seed: 3, hook: Relabeling(label: 2))
    var random = SeedPath(root: 3).stream()
    trainer.train(
      from: task.anchor, inputs: Matrix(rows: task.inputs), labels: .init(repeating: 2, count: 6),
      schedule: schedule, random: &random)
    #expect(trainer.parameters == relabeled)
  }

  @Test func `what a hook draws does not move the order of the examples`() {
    struct Drawing: LocalTrainingHook {
      mutating func adjustBatch(
        _: inout MutableSpan<Float>, labels _: inout MutableSpan<Int>,
        random: inout RandomStream, step _: LocalStep
      ) {
        _ = random.normal()
      }
    }
    let task = SampleTask(examples: 11)
    var trainer = task.trainer(batchSize: 3)
    #expect(
      task.train(&trainer, schedule, seed: 3, hook: Drawing())
        == task.train(&trainer, schedule, seed: 3))
  }

  @Test func `a hook that reads the loss can stop before a step`() {
    let task = SampleTask(examples: 6)
    var trainer = task.trainer(batchSize: 6)
    let schedule = LocalSchedule(length: .steps(9), batchSize: 6, learningRate: 0.1)
    var hook = Stopping(last: 4)
    #expect(task.train(&trainer, schedule, seed: 3, keeping: &hook) == 4)
    #expect(hook.losses.count == 5)
    let four = LocalSchedule(length: .steps(4), batchSize: 6, learningRate: 0.1)
    let stopped = trainer.parameters
    #expect(stopped == task.train(&trainer, four, seed: 3))
    // The loss is the mean at the parameters before the step.
    let probe = ModelProbe(model: task.model)
    let first = probe.loss(task.inputs, task.labels, at: task.anchor) / 6
    #expect(abs(hook.losses[0] - first) < 1e-6)
    let last = probe.loss(task.inputs, task.labels, at: stopped) / 6
    #expect(abs(hook.losses[4] - last) < 1e-6)

    var never = Stopping(last: 99)
    #expect(task.train(&trainer, schedule, seed: 3, keeping: &never) == 9)
    var atOnce = Stopping(last: 0)
    #expect(task.train(&trainer, schedule, seed: 3, keeping: &atOnce) == 0)
    #expect(trainer.parameters == task.anchor)
  }

  @Test func `reading the loss changes no bit of the result`() {
    let task = SampleTask(examples: 9)
    var trainer = task.trainer(batchSize: 4)
    #expect(
      task.train(&trainer, schedule, seed: 3, hook: Stopping(last: 99))
        == task.train(&trainer, schedule, seed: 3))
  }

  @Test func `training may start away from the anchor`() {
    let task = SampleTask(examples: 6)
    var trainer = task.trainer(batchSize: 6)
    let start = task.anchor.map { $0 + 1 }
    var hook = Recorder(anchor: task.anchor)
    task.train(&trainer, schedule, seed: 3, from: start, keeping: &hook)
    // The gradient of the first step is not at the anchor, which is the global model all the same.
    #expect(hook.entries[1] == "gradient 0 0.25 false true")
    var random = SeedPath(root: 3).stream()
    var other = task.trainer(batchSize: 6)
    other.train(
      from: start, inputs: Matrix(rows: task.inputs), labels: task.labels, schedule: schedule,
      random: &random)
    #expect(other.parameters == trainer.parameters)
    var ball = BallProjection(radius: 0.5)
    task.train(&trainer, schedule, seed: 3, from: start, keeping: &ball)
    #expect(
      Float.squaredDistance(trainer.parameters.span, task.anchor.span).squareRoot() <= 0.5)
  }
}
