import Attacks
import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct NeurotoxinTests {
  private let task = LocalTask()
  private let direction: [Float]

  init() {
    var random = SeedPath(root: 15).stream()
    direction = task.global.map { _ in Float(random.normal()) }
  }

  private func attack(
    _ given: [String: ArgumentValue] = [:], isObserving: Bool = true
  ) throws -> AttackPipeline {
    var pipeline = AttackPipeline(try make(Neurotoxin.self, given, setup: task.setup))
    if isObserving {
      for broadcast in task.broadcasts(direction: direction) { pipeline.observe(broadcast) }
    }
    return pipeline
  }

  @Test(arguments: [(0, 0), (0.9, 0), (0, 0.1), (0.9, 0.1)] as [(Float, Float)])
  func largeCoordinatesOfTheLastStepKeepTheirBits(momentum: Float, decay: Float) throws {
    let trained = task.trained(
      try attack(["keep": .real(0.5)]), epochs: 5, momentum: momentum, decay: decay)
    let order = direction.indices.sorted { abs(direction[$0]) < abs(direction[$1]) }
    let kept = direction.count / 2
    for index in order.dropFirst(kept) {
      #expect(trained[index].bitPattern == task.global[index].bitPattern)
    }
    #expect(order.prefix(kept).count { trained[$0] != task.global[$0] } == kept)
  }

  @Test func allIsTrainedUntilTheDirectionIsKnown() throws {
    let honest = task.trained(AttackPipeline(try make(NoAttack.self, setup: task.setup)))
    var first = try attack(isObserving: false)
    #expect(task.trained(first) == honest)
    first.observe(Broadcast(round: 0, global: task.global, isActing: true))
    #expect(task.trained(first) == honest)
    #expect(task.trained(try attack()) != honest)
  }

  @Test func figuresAndNormBound() throws {
    var rows = matrix([[3, 4], [0.3, 0.4]])
    var free = try attack()
    #expect(free.craft(&rows, makeView(2), seed: SeedPath(root: 1)) == ["kept": 19])
    #expect(rows == matrix([[3, 4], [0.3, 0.4]]))
    var bounded = try attack(["norm-bound": .real(1)], isObserving: false)
    #expect(bounded.craft(&rows, makeView(2), seed: SeedPath(root: 1)) == ["shortened": 1])
    #expect(rows == matrix([[0.6, 0.8], [0.3, 0.4]]))
    var none = Matrix<Float>(rowCount: 0, columnCount: 2)
    #expect(free.craft(&none, makeView(0), seed: SeedPath(root: 1)).isEmpty)
  }

  @Test func poisonsLikeTheBackdoor() throws {
    let shard = makeShard(labels: [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(try make(Neurotoxin.self).poisoned(shard) == make(BackdoorAttack.self).poisoned(shard))
    #expect(try make(Neurotoxin.self).goal == make(BackdoorAttack.self).goal)
  }

  @Test func surfaceAndRefusal() throws {
    #expect(try make(Neurotoxin.self).threatModel.surface == [.data, .training])
    #expect(
      try make(Neurotoxin.self, ["norm-bound": .real(1)]).threatModel.surface
        == [.data, .training, .update])
    let error = #expect(throws: ConfigurationError.self) {
      try make(Neurotoxin.self, ["lr": .real(1)], setup: makeSetup(isFedSGD: true))
    }
    #expect(error?.problems.count == 2)
  }
}
