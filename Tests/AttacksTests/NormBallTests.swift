import Attacks
import Components
import Determinism
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

  private func backdoor(
    _ task: LocalTask, _ modifiers: [any AttackModifier] = []
  ) throws -> AttackPipeline {
    AttackPipeline(try make(BackdoorAttack.self, setup: task.setup), modifiers: modifiers)
  }

  private func ball(_ radius: Double, _ task: LocalTask) throws -> NormBall {
    try make(modifier: NormBall.self, ["radius": .real(radius)], setup: task.setup)
  }

  private func distance(_ parameters: [Float], _ task: LocalTask) -> Double {
    Float.squaredDistance(parameters.span, task.global.span).squareRoot()
  }

  @Test(arguments: [1e-6, 0.01, 0.3])
  func `every local step ends in the ball, with momentum and weight decay too`(radius: Double)
    throws
  {
    let task = LocalTask()
    let (held, free) = (try backdoor(task, [try ball(radius, task)]), try backdoor(task))
    var leaves = false
    // An epoch is one step, so that the first k epochs are the first k steps.
    for steps in 1...12 {
      let trained = task.trained(held, epochs: steps, momentum: 0.9, decay: 0.1)
      #expect(distance(trained, task) <= radius && distance(trained, task) > 0)
      leaves =
        leaves
        || distance(task.trained(free, epochs: steps, momentum: 0.9, decay: 0.1), task) > radius
    }
    #expect(leaves)
  }

  @Test func `unconstrained there is no ball, and a ball that holds everything changes no bit`()
    throws
  {
    let task = LocalTask()
    let free = task.trained(try backdoor(task), epochs: 9, momentum: 0.9)
    let wide = task.trained(
      try backdoor(task, [try ball(1e9, task)]), epochs: 9, momentum: 0.9)
    #expect(free.map(\.bitPattern) == wide.map(\.bitPattern))
    var trainer = LocalTrainer(model: task.model, batchSize: 12)
    var random = SeedPath(root: 4).stream()
    task.job(epochs: 9, momentum: 0.9).train(with: &trainer, random: &random)
    #expect(free == trainer.parameters)
  }

  // Sun et al.: in the ball of M / β, boosted by β, an attacker sends at most M.
  @Test func `a ball divided by the boost bounds what is sent`() throws {
    let task = LocalTask()
    let (bound, boost) = (0.5, 8.0)
    var pipeline = try backdoor(
      task,
      [
        try ball(bound / boost, task),
        try make(modifier: Boost.self, ["gamma": .real(boost)], setup: task.setup),
      ])
    var rows = Matrix<Float>(rows: [task.difference(pipeline, epochs: 9)])
    _ = pipeline.craft(&rows, makeView(1), seed: SeedPath(root: 5))
    let norm = rows.norm(ofRow: 0)
    #expect(norm <= bound * (1 + 1e-6) && norm > 0.99 * bound)
  }
}
