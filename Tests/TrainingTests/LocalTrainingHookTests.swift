import Synchronization
import Tensors
import Testing
import Training

@Suite struct LocalTrainingHookTests {
  /// Notes every call; classes, because a trainer works on a copy of the hook.
  private final class Log: Sendable {
    let entries = Mutex<[String]>([])
    func note(_ entry: String) { entries.withLock { $0.append(entry) } }
  }

  private struct Recorder: LocalTrainingHook {
    let log: Log
    let anchor: [Float]

    mutating func adjustGradient(
      _ gradient: inout MutableSpan<Float>, at parameters: Span<Float>, anchor: Span<Float>,
      step: LocalStep
    ) {
      let isStart = (0..<parameters.count).allSatisfy { parameters[$0] == self.anchor[$0] }
      let isAnchor = (0..<anchor.count).allSatisfy { anchor[$0] == self.anchor[$0] }
      log.note("gradient \(step.index) \(step.learningRate) \(isStart) \(isAnchor)")
    }

    mutating func adjustParameters(
      _ parameters: inout MutableSpan<Float>, anchor: Span<Float>, step: LocalStep
    ) {
      log.note("parameters \(step.index)")
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
      _ parameters: inout MutableSpan<Float>, anchor _: Span<Float>, step: LocalStep
    ) {
      parameters[0] = Float(calls)
      calls += 1
    }
  }

  @Test func `hooks see every step in order, before and after`() {
    let task = SampleTask(examples: 5)
    let log = Log()
    var trainer = task.trainer(batchSize: 2)
    _ = task.train(
      &trainer, LocalSchedule(length: .epochs(2), batchSize: 3, learningRate: 0.25), seed: 1,
      hook: Recorder(log: log, anchor: task.anchor))
    let expected = (0..<4).flatMap {
      ["gradient \($0) 0.25 \($0 == 0) true", "parameters \($0)"]
    }
    #expect(log.entries.withLock { $0 } == expected)
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

  @Test func `a hook keeps its memory within a round and starts anew in the next`() {
    let task = SampleTask(examples: 5)
    var trainer = task.trainer(batchSize: 2)
    let schedule = LocalSchedule(length: .steps(4), batchSize: 2, learningRate: 0.5)
    let hook = Counting()
    #expect(task.train(&trainer, schedule, seed: 1, hook: hook)[0] == 3)
    #expect(task.train(&trainer, schedule, seed: 1, hook: hook)[0] == 3)
  }

  @Test func `no hook and an empty hook are the same`() {
    struct Empty: LocalTrainingHook {}
    let task = SampleTask(examples: 9)
    var trainer = task.trainer(batchSize: 4)
    let schedule = LocalSchedule(
      length: .epochs(2), batchSize: 4, learningRate: 0.1, momentum: 0.9, weightDecay: 0.01)
    #expect(
      task.train(&trainer, schedule, seed: 5, hook: Empty())
        == task.train(&trainer, schedule, seed: 5))
  }
}
