import Attacks
import Components
import Federation
import Kernels
import Tensors
import Testing
import Training

@Suite struct NormBallTests {
  private let step = LocalStep(index: 0, learningRate: 1)

  private func hook(_ radius: Double) throws -> HookList {
    let modifier = try make(modifier: NormBall.self, ["radius": .real(radius)])
    return HookList([modifier.hook(for: LocalTask().job())].compactMap(\.self))
  }

  /// A radius of 0 is refused here.
  @Test(arguments: try TrainingAttackFixtures.load().normBall.filter { $0.radius > 0 })
  func projectionsMatchReference(known: TrainingAttackFixtures.Ball) throws {
    var hook = try hook(known.radius)
    let center = known.center.map { Float($0) }
    var parameters = known.parameters.map { Float($0) }
    let before = parameters
    var span = parameters.mutableSpan
    hook.adjustParameters(&span, anchor: center.span, step: step)
    #expect(agree(parameters, known.expected.parameters), "\(known.name)")
    if known.expected.factor == 1 { #expect(parameters == before) }
    #expect(Float.squaredDistance(parameters.span, center.span).squareRoot() <= known.radius)
  }

  @Test(arguments: try TrainingAttackFixtures.load().projectedSteps)
  func projectedDescentMatchesReference(known: TrainingAttackFixtures.Steps) throws {
    var hook = try hook(known.radius)
    let center = known.center.map { Float($0) }
    var parameters = center
    for (gradient, expected) in zip(known.gradients, known.expected.steps) {
      var span = parameters.mutableSpan
      let slope = gradient.map { Float($0) }
      Vectors.sgdStep(
        &span, gradient: slope.span, learningRate: Float(known.rate), weightDecay: 0)
      hook.adjustParameters(&span, anchor: center.span, step: step)
      #expect(agree(parameters, expected, 2e-6))
    }
  }

  @Test func trainingStaysInTheBall() throws {
    let task = LocalTask()
    let backdoor = try make(BackdoorAttack.self, setup: task.setup)
    for radius in [1e-6, 0.01, 0.3] {
      let ball = try make(modifier: NormBall.self, ["radius": .real(radius)], setup: task.setup)
      let trained = task.trained(
        AttackPipeline(backdoor, modifiers: [ball]), epochs: 9, momentum: 0.9)
      let distance = Float.squaredDistance(trained.span, task.global.span).squareRoot()
      #expect(distance <= radius && distance > 0)
    }
  }
}
