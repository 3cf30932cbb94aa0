import Attacks
import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

/// The known answers of `Tests/Reference/attacks_neurotoxin.py`.
private struct NeurotoxinFixtures: Decodable {
  struct Expected: Decodable, Sendable {
    var reference: [Double]
    var mask: [Int]
    var parameters: [Double]
  }
  struct Client: Decodable, Sendable {
    var clean: [[Double]]
    var labels: [Int]
    var given: [[Double]]
    var givenLabels: [Int]
    var expected: Expected
  }
  struct Case: Decodable, Sendable {
    var name: String
    var sizes: [Int]
    var keep: Double
    var rate: Double
    var global: [Double]
    var clients: [Client]

    var model: Sequential {
      Sequential.perceptron(
        inputs: sizes[0], hidden: Array(sizes.dropFirst().dropLast()),
        classes: sizes[sizes.count - 1], initialization: .glorot)
    }

    func shard(_ inputs: [[Double]], _ labels: [Int]) -> Shard {
      Shard(
        inputs: matrix(inputs), labels: labels, classCount: sizes[sizes.count - 1],
        shape: .vector(sizes[0]))
    }

    func setup(numbers: [ClientID]) -> AttackSetup {
      AttackSetup(
        participantCount: 10, controlled: numbers,
        shards: clients.map { shard($0.clean, $0.labels) },
        classCount: sizes[sizes.count - 1], shape: .vector(sizes[0]), layout: model.layout,
        model: model, serverRate: 1, schedule: schedule(), seed: SeedPath(root: 1))
    }

    /// Honest batches are small, with a smaller one at the end.
    func schedule(momentum: Float = 0, decay: Float = 0) -> LocalSchedule {
      LocalSchedule(
        length: .epochs(1), batchSize: 4, learningRate: Float(rate), momentum: momentum,
        weightDecay: decay)
    }
  }
  var cases: [Case]

  static func load(file: String = #filePath) throws -> Self {
    try decode("neurotoxin.json", beside: file)
  }
}

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

  private static let known: [NeurotoxinFixtures.Case] =
    (try? NeurotoxinFixtures.load().cases) ?? []

  /// What the clients 3, 5, 7, … train in the first round on the given examples, and the gradients
  /// that this took.
  private func trained(
    _ entry: NeurotoxinFixtures.Case, _ given: [String: ArgumentValue], momentum: Float = 0,
    decay: Float = 0, isLimited: Bool = false
  ) throws -> (parameters: [[Float]], counts: [Int], figures: [String: Double]) {
    let numbers = entry.clients.indices.map { ClientID(3 + 2 * $0) }
    let whole = entry.setup(numbers: numbers)
    var trainer = LocalTrainer(model: entry.model, batchSize: 4)
    var (parameters, counts): ([[Float]], [Int]) = ([], [])
    var figures: [String: Double] = [:]
    for (number, client) in zip(numbers, entry.clients) {
      var pipeline = AttackPipeline(
        try make(
          Neurotoxin.self, given.merging(["keep": .real(entry.keep)]) { $1 },
          setup: isLimited ? whole.limited(to: [number]) : whole))
      let global = entry.global.map { Float($0) }
      pipeline.observe(Broadcast(round: 0, global: global, isActing: true))
      let before = trainer.gradientCount
      var random = SeedPath(root: 4).stream()
      pipeline.train(
        LocalJob(
          client: number, round: 0, global: global,
          shard: entry.shard(client.given, client.givenLabels),
          schedule: entry.schedule(momentum: momentum, decay: decay), seed: SeedPath(root: 6)),
        with: &trainer, random: &random)
      parameters.append(trainer.parameters)
      counts.append(trainer.gradientCount - before)
      var rows = matrix([[0]])
      figures = pipeline.craft(&rows, makeView(1), seed: SeedPath(root: 1))
    }
    return (parameters, counts, figures)
  }

  private static let byGradient: [String: ArgumentValue] = ["reference": .text("clean-gradient")]

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

  @Test func casesAreThere() { #expect(Self.known.count == 7) }

  @Test(arguments: Self.known)
  private func theGradientOnCleanDataMasks(entry: NeurotoxinFixtures.Case) throws {
    // One step on all that was given.
    let (parameters, counts, figures) = try trained(
      entry, Self.byGradient.merging(["batch": .integer(64)]) { $1 })
    for ((client, values), count) in zip(zip(entry.clients, parameters), counts) {
      #expect(agree(values, client.expected.parameters), "\(entry.name)")
      for (index, isKept) in client.expected.mask.enumerated() where isKept == 0 {
        #expect(values[index].bitPattern == Float(entry.global[index]).bitPattern, "\(entry.name)")
      }
      let kept = client.expected.mask.reduce(0, +)
      #expect(figures == ["kept": Double(kept)], "\(entry.name)")
      let isMasked = kept < entry.global.count
      #expect(count == client.given.count + (isMasked ? client.clean.count : 0), "\(entry.name)")
    }
  }

  @Test(arguments: Self.known)
  private func maskedCoordinatesStayUnderMomentumAndDecay(entry: NeurotoxinFixtures.Case) throws {
    let parameters = try trained(
      entry, Self.byGradient.merging(["epochs": .integer(3)]) { $1 }, momentum: 0.9, decay: 0.1
    ).parameters
    for (client, values) in zip(entry.clients, parameters) {
      for (index, isKept) in client.expected.mask.enumerated() where isKept == 0 {
        #expect(values[index].bitPattern == Float(entry.global[index]).bitPattern, "\(entry.name)")
      }
      #expect(values != entry.global.map { Float($0) }, "\(entry.name)")
    }
  }

  /// A client's mask comes from its own data: it is the same where it is alone.
  @Test(arguments: Self.known)
  private func eachClientHasItsOwnMask(entry: NeurotoxinFixtures.Case) throws {
    #expect(
      try trained(entry, Self.byGradient).parameters
        == trained(entry, Self.byGradient, isLimited: true).parameters)
  }

  @Test func theLastStepDoesNotMatterToTheCleanGradient() throws {
    let setup = AttackSetup(
      participantCount: 10, controlled: [ClientID(0)], shards: [task.shard], classCount: 3,
      shape: .vector(6), layout: task.model.layout, model: task.model, serverRate: 1,
      schedule: task.schedule(epochs: 1), seed: SeedPath(root: 1))
    let given = Self.byGradient.merging(["keep": .real(0.5)]) { $1 }
    var first = AttackPipeline(try make(Neurotoxin.self, given, setup: setup))
    var later = first
    first.observe(Broadcast(round: 0, global: task.global, isActing: true))
    for broadcast in task.broadcasts(direction: direction) { later.observe(broadcast) }
    let trained = task.trained(first)
    #expect(trained == task.trained(later))
    #expect(trained.indices.count { trained[$0] == task.global[$0] } == 11)
    #expect(trained != task.trained(try attack(["keep": .real(0.5)])))
  }

  @Test func withoutCleanExamplesAllIsTrained() throws {
    let honest = task.trained(AttackPipeline(try make(NoAttack.self, setup: task.setup)))
    var attack = try attack(Self.byGradient)
    #expect(task.trained(attack) == honest)
    var rows = matrix([[3, 4]])
    #expect(attack.craft(&rows, makeView(1), seed: SeedPath(root: 1)) == ["kept": 21])
  }
}
