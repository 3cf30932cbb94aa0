import Kernels
import Testing
import Training

@Suite struct GradientMaskTests {
  @Test(arguments: [(0, 0), (0.9, 0), (0, 0.01), (0.9, 0.01)] as [(Float, Float)])
  func `frozen coordinates keep their bits, whatever the optimizer does`(
    momentum: Float, decay: Float
  ) {
    let task = SampleTask(examples: 12)
    var trainer = task.trainer(batchSize: 4)
    let mask = task.anchor.indices.map { $0 % 3 != 0 }
    let result = task.train(
      &trainer,
      LocalSchedule(
        length: .epochs(5), batchSize: 4, learningRate: 0.5, momentum: momentum,
        weightDecay: decay), seed: 1, hook: GradientMask(mask))
    for (index, isKept) in mask.enumerated() where !isKept {
      #expect(result[index].bitPattern == task.anchor[index].bitPattern)
    }
    // Biases of zero with a dead unit may stay; nearly everything else moves.
    let moved = mask.indices.count { mask[$0] && result[$0] != task.anchor[$0] }
    #expect(moved > mask.count { $0 } / 2)
  }

  @Test func `a mask that keeps everything is no mask`() {
    let task = SampleTask(examples: 12)
    var trainer = task.trainer(batchSize: 4)
    let schedule = LocalSchedule(length: .epochs(2), batchSize: 4, learningRate: 0.5)
    let all = [Bool](repeating: true, count: task.anchor.count)
    #expect(
      task.train(&trainer, schedule, seed: 1, hook: GradientMask(all))
        == task.train(&trainer, schedule, seed: 1))
    let none = [Bool](repeating: false, count: task.anchor.count)
    #expect(task.train(&trainer, schedule, seed: 1, hook: GradientMask(none)) == task.anchor)
  }

  @Test func `a mask of another size traps`() async {
    await #expect(processExitsWith: .failure) {
      var hook = GradientMask([true])
      var gradient: [Float] = [1, 2]
      let anchor = gradient
      var span = gradient.mutableSpan
      hook.adjustGradient(
        &span, at: anchor.span, anchor: anchor.span, step: LocalStep(index: 0, learningRate: 1))
    }
  }
}
