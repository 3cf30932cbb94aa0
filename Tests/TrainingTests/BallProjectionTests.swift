import Determinism
import Kernels
import Testing
import Training

@Suite struct BallProjectionTests {
  /// Notes how far each step ends from the anchor, and whether the ball was left before.
  private struct Watching: LocalTrainingHook {
    var ball: BallProjection
    var distances: [Double] = []
    var exits = 0

    mutating func adjustParameters(
      _ parameters: inout MutableSpan<Float>, anchor: Span<Float>, step: LocalStep
    ) {
      let before = Float.squaredDistance(parameters.span, anchor).squareRoot()
      if before > ball.radius { exits += 1 }
      ball.adjustParameters(&parameters, anchor: anchor, step: step)
      distances.append(Float.squaredDistance(parameters.span, anchor).squareRoot())
    }
  }

  @Test(
    arguments: [1e-300, 1e-20, 1e-8, 1e-7, 1e-6, 1e-3, 0.1, 1, 1e10], [0, 0.9] as [Float])
  func `every step ends inside`(radius: Double, momentum: Float) {
    let task = SampleTask(examples: 12)
    var trainer = task.trainer(batchSize: 4)
    var hook = Watching(ball: BallProjection(radius: radius))
    let schedule = LocalSchedule(
      length: .epochs(5), batchSize: 4, learningRate: 0.5, momentum: momentum, weightDecay: 0.01)
    task.train(&trainer, schedule, seed: 1, keeping: &hook)
    #expect(hook.distances.count == 15)
    #expect(hook.distances.allSatisfy { $0 <= radius })
    if radius >= 1e10 {
      #expect(hook.exits == 0)
      let free = trainer.parameters
      #expect(free == task.train(&trainer, schedule, seed: 1))
    } else if radius <= 0.1 {
      #expect(hook.exits > 0)
    }
    // A radius that single precision resolves is reached, not undercut.
    if radius >= 1e-3 && radius <= 0.1 {
      #expect(hook.distances.contains { $0 > 0.999 * radius })
    }
  }

  @Test func `a radius below the spacing of the numbers ends`() {
    // Two steps of a number of size 1 apart, in a ball smaller than one.
    var random = SeedPath(root: 3).stream()
    for radius in [1e-9, 3e-8, 5e-8, 1e-7, 2e-7, 5e-7] {
      for count in [1, 2, 7] {
        let anchor = (0..<count).map { _ in Float(1 + random.unit()) }
        var parameters = anchor.map { $0 + Float(random.index(below: 9) - 4) * 0x1p-23 }
        var hook = BallProjection(radius: radius)
        var span = parameters.mutableSpan
        hook.adjustParameters(
          &span, anchor: anchor.span, step: LocalStep(index: 0, learningRate: 1))
        #expect(Float.squaredDistance(parameters.span, anchor.span).squareRoot() <= radius)
      }
    }
  }

  @Test func `what is inside keeps its bits, and NaN ends`() {
    let anchor: [Float] = [0.1, -3, 1e20]
    var parameters: [Float] = [0.2, -2.5, 1e20]
    let inside = parameters
    var hook = BallProjection(radius: 0.51)
    var span = parameters.mutableSpan
    hook.adjustParameters(&span, anchor: anchor.span, step: LocalStep(index: 0, learningRate: 1))
    #expect(parameters == inside)
    for broken: [Float] in [[.nan, 0, 0], [.infinity, 0, 0], [-.infinity, .infinity, 0]] {
      var values = broken
      var span = values.mutableSpan
      hook.adjustParameters(&span, anchor: anchor.span, step: LocalStep(index: 0, learningRate: 1))
      #expect(values.contains { !$0.isFinite })
    }
  }
}
