import Attacks
import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

/// Attacks that papers name are made of the same parts as a plain backdoor with modifiers.
@Suite struct CompositionTests {
  private let task = LocalTask()
  private let seed = SeedPath(root: 5)

  private func backdoor(_ given: [String: ArgumentValue] = [:]) throws -> BackdoorAttack {
    try make(BackdoorAttack.self, given, setup: task.setup)
  }

  private func modifier<M: AttackModifier>(
    _: M.Type, _ given: [String: ArgumentValue] = [:]
  ) throws -> M {
    try make(modifier: M.self, given, setup: task.setup)
  }

  /// Trains two clients after two broadcasts, and crafts.
  private func sent(
    _ pipeline: AttackPipeline, epochs: Int = 5
  ) -> (rows: Matrix<Float>, record: [String: Double]) {
    var pipeline = pipeline
    var random = SeedPath(root: 40).stream()
    let direction = task.global.map { _ in Float(random.normal()) }
    for broadcast in task.broadcasts(direction: direction) { pipeline.observe(broadcast) }
    var rows = Matrix<Float>(
      rows: [1, epochs].map { task.difference(pipeline, epochs: $0) })
    let record = pipeline.craft(&rows, makeView(2), seed: seed)
    return (rows, record)
  }

  private func expectSame(_ a: AttackPipeline, _ b: AttackPipeline) {
    let (first, second) = (sent(a), sent(b))
    #expect(first.rows.values.map(\.bitPattern) == second.rows.values.map(\.bitPattern))
    #expect(a.goal == b.goal)
    #expect(a.threatModel == b.threatModel)
  }

  @Test func boostOnABackdoorIsABoostedBackdoor() throws {
    let own = AttackPipeline(try backdoor(["boost": .real(7)]))
    let modified = AttackPipeline(
      try backdoor(), modifiers: [try modifier(Boost.self, ["gamma": .real(7)])])
    expectSame(own, modified)
    #expect(sent(own).record == sent(modified).record)
  }

  @Test func modelReplacementIsABackdoorWithABoost() throws {
    expectSame(
      AttackPipeline(try make(ModelReplacement.self, setup: task.setup)),
      AttackPipeline(try backdoor(), modifiers: [try modifier(Boost.self)]))
    expectSame(
      AttackPipeline(
        try make(
          ModelReplacement.self, ["alpha": .real(0.25), "anomaly": .text("l2")],
          setup: task.setup)),
      AttackPipeline(
        try backdoor(),
        modifiers: [
          try modifier(AnomalyLoss.self, ["kind": .text("l2"), "alpha": .real(0.25)]),
          try modifier(Boost.self),
        ]))
  }

  @Test func neurotoxinIsABackdoorWithAMaskAndABound() throws {
    expectSame(
      AttackPipeline(
        try make(
          Neurotoxin.self, ["keep": .real(0.7), "norm-bound": .real(0.1), "epochs": .integer(3)],
          setup: task.setup)),
      AttackPipeline(
        try backdoor(["epochs": .integer(3)]),
        modifiers: [
          try modifier(GradientMasking.self, ["keep": .real(0.7)]),
          try modifier(NormBound.self, ["bound": .real(0.1)]),
        ]))
  }

  @Test func edgeCasesAreBlackBoxWithABallAndABoost() throws {
    let setup = makeEdgeSetup()
    let radius: [String: ArgumentValue] = ["radius": .real(0.05)]
    let ball = try modifier(NormBall.self, radius)
    let black = try make(EdgeCase.self, setup: setup)
    expectSame(
      AttackPipeline(
        try make(EdgeCase.self, radius.merging(["mode": .text("pgd")]) { $1 }, setup: setup)),
      AttackPipeline(black, modifiers: [ball]))
    expectSame(
      AttackPipeline(
        try make(
          EdgeCase.self, radius.merging(["mode": .text("pgd-replacement")]) { $1 }, setup: setup)),
      AttackPipeline(black, modifiers: [ball, try modifier(Boost.self)]))
  }

  @Test func modifiersActInOrder() throws {
    let boost = try modifier(Boost.self, ["gamma": .real(10)])
    let bound = try modifier(NormBound.self, ["bound": .real(1)])
    func norms(_ modifiers: [any AttackModifier]) throws -> [Double] {
      var rows = matrix([[3, 4], [0.3, 0.4]])
      var pipeline = AttackPipeline(try make(NoAttack.self), modifiers: modifiers)
      _ = pipeline.craft(&rows, makeView(2), seed: seed)
      return (0..<2).map { rows.norm(ofRow: $0) }
    }
    func areClose(_ a: [Double], _ b: [Double]) -> Bool {
      zip(a, b).allSatisfy { abs($0 - $1) < 1e-6 }
    }
    #expect(areClose(try norms([boost, bound]), [1, 1]))
    #expect(areClose(try norms([bound, boost]), [10, 5]))
    #expect(areClose(try norms([boost]), [50, 5]))
  }

  @Test func trainingModifiersActInOrder() throws {
    let pull = try modifier(AnomalyLoss.self, ["kind": .text("l2"), "alpha": .real(0.25)])
    let turn = try modifier(AnomalyLoss.self, ["kind": .text("cosine"), "alpha": .real(0.5)])
    let honest = try make(NoAttack.self, setup: task.setup)
    let trained = task.trained(AttackPipeline(honest, modifiers: [pull, turn]), epochs: 5)
    #expect(trained != task.trained(AttackPipeline(honest, modifiers: [turn, pull]), epochs: 5))
    var hook = HookPair(AnomalyTerm(kind: .l2, alpha: 0.25), AnomalyTerm(kind: .cosine, alpha: 0.5))
    var trainer = LocalTrainer(model: task.model, batchSize: 12)
    var random = SeedPath(root: 4).stream()
    task.job(epochs: 5).train(with: &trainer, hook: &hook, random: &random)
    #expect(trainer.parameters == trained)
  }

  @Test func hooksOfTheAttackActFirst() throws {
    // Only the gradient of the loss is negated, not that of the term behind it.
    let ascent = try make(GradientAscent.self, ["scale": .real(2)], setup: task.setup)
    let pull = try modifier(AnomalyLoss.self, ["kind": .text("l2"), "alpha": .real(0.25)])
    let trained = task.trained(AttackPipeline(ascent, modifiers: [pull]), epochs: 5)
    var hook = HookPair(GradientScaling(factor: -2), AnomalyTerm(kind: .l2, alpha: 0.25))
    var trainer = LocalTrainer(model: task.model, batchSize: 12)
    var random = SeedPath(root: 4).stream()
    task.job(epochs: 5).train(with: &trainer, hook: &hook, random: &random)
    #expect(trainer.parameters == trained)
  }

  @Test func aBallHoldsAscentToo() throws {
    let ascent = try make(GradientAscent.self, ["scale": .real(50)], setup: task.setup)
    let ball = try modifier(NormBall.self, ["radius": .real(0.01)])
    let up = task.difference(AttackPipeline(ascent, modifiers: [ball]))
    let down = task.difference(
      AttackPipeline(try make(NoAttack.self, setup: task.setup), modifiers: [ball]))
    #expect(Float.dot(up.span, down.span) < 0)
    for difference in [up, down] {
      #expect(abs(Float.squaredNorm(difference.span).squareRoot() - 0.01) < 1e-6)
    }
  }

  @Test func theThreatModelIsThatOfAllParts() throws {
    let pipeline = AttackPipeline(
      try make(NoAttack.self, setup: task.setup),
      modifiers: [
        try modifier(NormBall.self, ["radius": .real(1)]), try modifier(ALIEClamp.self),
      ])
    #expect(
      pipeline.threatModel
        == ThreatModel(surface: [.training, .update], knowledge: .honestUpdates))
  }

  @Test func eachPartHasItsOwnStream() throws {
    // Noise draws the same with and without a modifier behind it.
    let noise = try make(GaussianNoise.self)
    func rows(_ modifiers: [any AttackModifier]) -> Matrix<Float> {
      var rows = matrix([[0, 0, 0]])
      var pipeline = AttackPipeline(noise, modifiers: modifiers)
      _ = pipeline.craft(&rows, makeView(1), seed: seed)
      return rows
    }
    var expected = rows([])
    expected.scaleRow(0, by: 2)
    #expect(rows([try modifier(Boost.self, ["gamma": .real(2)])]) == expected)
  }
}
