import Determinism
import Tensors
import Testing
import Training

@Suite struct LocalTrainerTests {
  @Test(arguments: try TrainingFixture.load().filter { !$0.training.isEmpty })
  func `steps equal the reference, plain, with momentum and with weight decay`(
    _ test: TrainingFixture.Case
  ) throws {
    for run in test.training where run.kind == "same" {
      var trainer = LocalTrainer(model: test.model, batchSize: 6)
      for (index, expected) in run.steps.enumerated() {
        var random = SeedPath(root: 1).stream()
        trainer.train(
          from: test.parameters, inputs: Matrix(rows: test.inputs), labels: test.labels,
          schedule: LocalSchedule(
            length: .steps(index + 1), batchSize: 6, learningRate: run.rate,
            momentum: run.momentum, weightDecay: run.decay), random: &random)
        #expect(areClose(trainer.parameters, expected))
      }
    }
  }

  @Test(arguments: try TrainingFixture.load().filter { !$0.training.isEmpty })
  func `a step on part of the data equals the reference`(_ test: TrainingFixture.Case) {
    // Without momentum steps are independent, so each batch can be the whole shard of a round.
    for run in test.training where run.kind == "split" && run.momentum == 0 {
      var trainer = LocalTrainer(model: test.model, batchSize: 2)
      var parameters = test.parameters
      for (batch, expected) in zip(run.batches, run.steps) {
        var random = SeedPath(root: 1).stream()
        trainer.train(
          from: parameters, inputs: Matrix(rows: batch.map { test.inputs[$0] }),
          labels: batch.map { test.labels[$0] },
          schedule: LocalSchedule(
            length: .epochs(1), batchSize: 8, learningRate: run.rate, weightDecay: run.decay),
          random: &random)
        parameters = trainer.parameters
        #expect(areClose(parameters, expected))
      }
    }
  }

  @Test(arguments: [0, 0.9] as [Float])
  func `equal streams give equal bits, whatever the trainer did before`(momentum: Float) {
    let task = SampleTask(examples: 23)
    let schedule = LocalSchedule(
      length: .epochs(2), batchSize: 5, learningRate: 0.1, momentum: momentum)
    var fresh = task.trainer(batchSize: 5)
    let expected = task.train(&fresh, schedule, seed: 9)
    #expect(task.train(&fresh, schedule, seed: 9) == expected)
    #expect(task.train(&fresh, schedule, seed: 10) != expected)

    // Another shard, more momentum and larger batches must leave no trace.
    var used = task.trainer(batchSize: 1)
    _ = SampleTask(examples: 40).train(
      &used,
      LocalSchedule(length: .steps(7), batchSize: 17, learningRate: 1, momentum: 0.99), seed: 3)
    #expect(task.train(&used, schedule, seed: 9) == expected)
  }

  @Test func `one epoch is as many steps as there are batches`() {
    let task = SampleTask(examples: 23)
    var trainer = task.trainer(batchSize: 5)
    let epoch = task.train(
      &trainer, LocalSchedule(length: .epochs(1), batchSize: 5, learningRate: 0.1), seed: 4)
    let steps = task.train(
      &trainer, LocalSchedule(length: .steps(5), batchSize: 5, learningRate: 0.1), seed: 4)
    #expect(epoch == steps)
    let fewer = task.train(
      &trainer, LocalSchedule(length: .steps(4), batchSize: 5, learningRate: 0.1), seed: 4)
    #expect(fewer != steps)
  }

  @Test func `steps go on into further orders of the data`() {
    let task = SampleTask(examples: 7)
    var trainer = task.trainer(batchSize: 3)
    let two = task.train(
      &trainer, LocalSchedule(length: .epochs(2), batchSize: 3, learningRate: 0.1), seed: 4)
    let six = task.train(
      &trainer, LocalSchedule(length: .steps(6), batchSize: 3, learningRate: 0.1), seed: 4)
    #expect(two == six)
  }

  @Test func `a batch larger than the shard is the shard`() {
    let task = SampleTask(examples: 6)
    var trainer = task.trainer(batchSize: 4)
    let large = task.train(
      &trainer, LocalSchedule(length: .steps(3), batchSize: 1_000, learningRate: 0.1), seed: 4)
    let exact = task.train(
      &trainer, LocalSchedule(length: .steps(3), batchSize: 6, learningRate: 0.1), seed: 4)
    #expect(large == exact)
  }

  @Test func `every example of an epoch is used once`() {
    // With one-hot inputs, zero parameters and one step per example, every row moves once.
    let count = 11
    let model = Sequential.perceptron(inputs: count, hidden: [], classes: 2, initialization: .he)
    var trainer = LocalTrainer(model: model, batchSize: 4)
    let rows = (0..<count).map { row in (0..<count).map { Float($0 == row ? 1 : 0) } }
    var random = SeedPath(root: 8).stream()
    trainer.train(
      from: [Float](repeating: 0, count: model.layout.count), inputs: Matrix(rows: rows),
      labels: [Int](repeating: 1, count: count),
      schedule: LocalSchedule(length: .epochs(1), batchSize: 1, learningRate: 1e-3),
      random: &random)
    for row in 0..<count {
      #expect(abs(trainer.parameters[2 * row + 1] - 0.5e-3) < 1e-5)
      #expect(abs(trainer.parameters[2 * row] + 0.5e-3) < 1e-5)
    }
  }

  @Test func `an epoch's order comes from the stream`() {
    let task = SampleTask(examples: 30)
    var trainer = task.trainer(batchSize: 1)
    let schedule = LocalSchedule(length: .epochs(1), batchSize: 1, learningRate: 0.5)
    #expect(task.train(&trainer, schedule, seed: 1) != task.train(&trainer, schedule, seed: 2))
  }

  @Test(arguments: [0, 0.01] as [Float])
  func `a single gradient is that of one batch at the anchor`(decay: Float) {
    let task = SampleTask(examples: 9)
    var trainer = task.trainer(batchSize: 2)
    var random = SeedPath(root: 1).stream()
    trainer.computeGradient(
      at: task.anchor, inputs: Matrix(rows: task.inputs), labels: task.labels,
      schedule: LocalSchedule(
        length: .epochs(3), batchSize: 100, learningRate: 7, weightDecay: decay), random: &random)
    let plain = PlainPerceptron(sizes: [4, 5, 3])
      .gradient(task.inputs, task.labels, at: task.anchor.map(Double.init))
    let expected = zip(plain, task.anchor).map { $0 + Double(decay) * Double($1) }
    #expect(areClose(trainer.lastGradient, expected))
  }

  @Test func `a single gradient of a small batch sees only that many examples`() {
    let task = SampleTask(examples: 9)
    var trainer = task.trainer(batchSize: 1)
    var random = SeedPath(root: 1).stream()
    trainer.computeGradient(
      at: task.anchor, inputs: Matrix(rows: task.inputs), labels: task.labels,
      schedule: LocalSchedule(length: .epochs(1), batchSize: 1, learningRate: 1), random: &random)
    let probe = ModelProbe(model: task.model)
    let singles = (0..<9).map {
      probe.gradient([task.inputs[$0]], [task.labels[$0]], at: task.anchor)
    }
    #expect(singles.contains(trainer.lastGradient))
  }

  @Test(arguments: [1, 4, 5, 23, 40])
  func `gradients are counted by example, and known from the schedule`(batch: Int) {
    let task = SampleTask(examples: 23)
    var trainer = task.trainer(batchSize: 5)
    var total = 0
    for length in [.epochs(1), .epochs(3), .steps(0), .steps(1), .steps(6), .steps(17)]
      as [LocalSchedule.Length]
    {
      let schedule = LocalSchedule(length: length, batchSize: batch, learningRate: 0.1)
      _ = task.train(&trainer, schedule, seed: 1)
      total += schedule.gradientCount(exampleCount: 23)
      #expect(trainer.gradientCount == total, "\(length)")
    }
    let schedule = LocalSchedule(length: .epochs(2), batchSize: batch, learningRate: 0.1)
    #expect(schedule.gradientCount(exampleCount: 23) == 46)
    #expect(schedule.gradientCount(exampleCount: 0) == 0)
    // Passes of batches of 4, 4 and 2.
    let four = LocalSchedule(length: .steps(5), batchSize: 4, learningRate: 0.1)
    #expect(four.gradientCount(exampleCount: 10) == 18)
    var random = SeedPath(root: 1).stream()
    trainer.computeGradient(
      at: task.anchor, inputs: Matrix(rows: task.inputs), labels: task.labels,
      schedule: schedule, random: &random)
    #expect(trainer.gradientCount == total + min(batch, 23))
  }

  @Test func `training without examples traps`() async {
    await #expect(processExitsWith: .failure) {
      let model = Sequential.perceptron(inputs: 1, hidden: [], classes: 2, initialization: .he)
      var trainer = LocalTrainer(model: model, batchSize: 1)
      var random = SeedPath(root: 1).stream()
      trainer.train(
        from: [0, 0, 0, 0], inputs: Matrix(rowCount: 0, columnCount: 1), labels: [],
        schedule: LocalSchedule(length: .epochs(1), batchSize: 1, learningRate: 1),
        random: &random)
    }
  }

  @Test func `FedProx pulls towards the anchor, from the second step on`() {
    let model = Sequential.perceptron(inputs: 2, hidden: [], classes: 2, initialization: .he)
    let start: [Float] = [0.5, -0.25, 1, 0, 0.125, -0.5]
    let data = Matrix<Float>(rowCount: 1, columnCount: 2, values: [1, -2])
    func trained(_ steps: Int, _ proximal: Float) -> [Float] {
      var trainer = LocalTrainer(model: model, batchSize: 1)
      var random = SeedPath(root: 1).stream()
      trainer.train(
        from: start, inputs: data, labels: [1],
        schedule: LocalSchedule(
          length: .steps(steps), batchSize: 1, learningRate: 0.5, proximal: proximal),
        random: &random)
      return trainer.parameters
    }
    let first = trained(1, 0)
    #expect(trained(1, 0.25) == first)
    // The same gradient, and .5 · .25 of what the first step moved taken back.
    for (index, value) in trained(2, 0.25).enumerated() {
      let expected = trained(2, 0)[index] - 0.125 * (first[index] - start[index])
      #expect(abs(value - expected) < 1e-6)
    }
  }
}
