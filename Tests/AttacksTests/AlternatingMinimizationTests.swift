import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

@testable import Attacks

@Suite struct AlternatingMinimizationTests {
  /// The known answers of `Tests/Reference/attacks_alternating.py`.
  private struct Fixtures: Decodable {
    struct Term: Decodable {
      var parameters: [Double]
      var center: [Double]
      var gradient: [Double]
      var norm: [Double]
      var square: [Double]
    }
    struct Case: Decodable {
      var gamma: Double
      var rho: Double
      var alternations: Int
      var maliciousSteps: Int
      var stealthSteps: Int
      var rate: Double
      var serverRate: Double
      var global: [Double]
      var previous: [Double]?
      var inputs: [[Double]]
      var labels: [Int]
      var targets: [[Double]]
      var expected: [Double]
    }
    var terms: [Term]
    var cases: [Case]

    static func load(file: String = #filePath) throws -> Self {
      try decode("alternating.json", beside: #filePath)
    }
  }

  private func setup(
    test: Shard?, controlled: Int = 1, serverRate: Double = 1, isFedSGD: Bool = false
  ) -> AttackSetup {
    AttackSetup(
      participantCount: 10, controlled: (0..<controlled).map { ClientID($0) }, test: test,
      classCount: 3, shape: .vector(6), layout: ParameterLayout([]), serverRate: serverRate,
      schedule: nil, isFedSGD: isFedSGD, seed: SeedPath(root: 1))
  }

  private func shard(_ inputs: [[Double]], _ labels: [Int]) -> Shard {
    Shard(inputs: matrix(inputs), labels: labels, classCount: 3, shape: .vector(6))
  }

  /// What a client trains with the previous model and settings of a known case.
  private func trained(
    _ known: Fixtures.Case, _ given: [String: ArgumentValue] = [:]
  ) throws -> (parameters: [Float], center: [Float]?) {
    let count = known.targets.count
    var attack = try make(
      AlternatingMinimization.self,
      [
        "gamma": .real(known.gamma), "rho": .real(known.rho), "samples": .integer(count),
        "alternations": .integer(known.alternations),
        "malicious-steps": .integer(known.maliciousSteps),
        "stealth-steps": .integer(known.stealthSteps),
      ].merging(given) { $1 },
      setup: setup(
        test: shard(known.targets, .init(repeating: 2, count: count)),
        serverRate: known.serverRate))
    let global = known.global.map { Float($0) }
    if let previous = known.previous {
      attack.observe(
        Broadcast(round: 0, global: previous.map { Float($0) }, isActing: false))
    }
    attack.observe(Broadcast(round: 1, global: global, isActing: true))
    let job = LocalJob(
      client: ClientID(0), round: 1, global: global, shard: shard(known.inputs, known.labels),
      schedule: LocalSchedule(
        length: .epochs(1), batchSize: 12, learningRate: Float(known.rate)),
      seed: SeedPath(root: 6))
    let model = Sequential.perceptron(inputs: 6, hidden: [], classes: 3, initialization: .glorot)
    var trainer = LocalTrainer(model: model, batchSize: 12)
    var random = SeedPath(root: 4).stream()
    attack.train(job, with: &trainer, random: &random)
    return (trainer.parameters, attack.center)
  }

  @Test func trainingMatchesReference() throws {
    for known in try Fixtures.load().cases {
      let (parameters, center) = try trained(known)
      #expect(agree(parameters, known.expected, 2e-6))
      #expect((center == nil) == (known.previous == nil))
    }
  }

  private func adjusted(
    _ hook: DistanceTerm, _ gradient: [Float], at parameters: [Float]
  ) -> [Float] {
    var (hook, gradient) = (hook, gradient)
    let anchor = [Float](repeating: 9, count: gradient.count)
    var span = gradient.mutableSpan
    hook.adjustGradient(
      &span, at: parameters.span, anchor: anchor.span,
      step: LocalStep(index: 0, learningRate: 0.1))
    return gradient
  }

  @Test func termsMatchReference() throws {
    for known in try Fixtures.load().terms {
      let center = known.center.map { Float($0) }
      let gradient = known.gradient.map { Float($0) }
      let parameters = known.parameters.map { Float($0) }
      #expect(
        agree(
          adjusted(DistanceTerm(.norm, weight: 0.25, center: center), gradient, at: parameters),
          known.norm))
      #expect(
        agree(
          adjusted(
            DistanceTerm(.square, lossShare: 0.75, weight: 0.25, center: center), gradient,
            at: parameters),
          known.square))
      #expect(
        adjusted(DistanceTerm(.norm, weight: 0.25, center: center), gradient, at: center)
          == gradient)
    }
  }

  /// FLPoison's distance is computed outside the graph, so that its weight changes nothing.
  @Test func theDistanceHasAGradient() throws {
    let known = try Fixtures.load().cases[1]
    func distance(_ rho: Double) throws -> Double {
      let (parameters, center) = try trained(
        known, ["rho": .real(rho), "stealth-steps": .integer(20)])
      let goal = try #require(center)
      return Float.squaredDistance(parameters.span, goal.span).squareRoot()
    }
    let distances = [try distance(0), try distance(0.5), try distance(2)]
    #expect(distances[0] > distances[1] && distances[1] > distances[2])
  }

  @Test func automaticGammaIsThatOfAllTogether() throws {
    let known = try Fixtures.load().cases[0]
    // 10 participants, one controlled client, server rate 1.
    #expect(
      try trained(known, ["gamma": .text("auto")]).parameters
        == trained(known, ["gamma": .real(10)]).parameters)
    let error = #expect(throws: ConfigurationError.self) {
      try make(AlternatingMinimization.self, setup: setup(test: nil, serverRate: 0))
    }
    #expect(error?.description.contains("gamma auto needs a server rate above 0") == true)
  }

  @Test func targetsAreTestExamplesOfTheSource() throws {
    let test = shard(
      (0..<8).map { row in (0..<6).map { Double(row * 6 + $0) } },
      [
        0, 1, 2, 1, 0, 1, 2, 1,
      ])
    func backdoor(_ given: [String: ArgumentValue]) throws -> Backdoor {
      let attack = try make(AlternatingMinimization.self, given, setup: setup(test: test))
      var found: Backdoor?
      if case .backdoor(let backdoor) = attack.goal { found = backdoor }
      return try #require(found)
    }
    let one = try backdoor([:])
    #expect(one.examples?.shard.count == 1 && one.examples?.shard.labels != [0])
    #expect(one.examples?.areChosen == true && one.trigger == nil)
    #expect(try backdoor([:]) == one)
    let all = try backdoor(["samples": .integer(9), "source": .integer(1)])
    #expect(all.examples?.shard == test.selecting([1, 3, 5, 7]))
    #expect(try backdoor(["source": .integer(1)]) != one)
  }

  @Test func changesNoDataAndNoRows() throws {
    let attack = try make(AlternatingMinimization.self, setup: setup(test: nil))
    #expect(attack.threatModel.surface == .training)
    let clean = makeShard(labels: [1, 2, 0], classes: 3)
    #expect(attack.poisoned(clean) == clean)
  }

  @Test func everyMisfitIsReportedAtOnce() {
    let error = #expect(throws: ConfigurationError.self) {
      try make(
        AlternatingMinimization.self, ["target": .integer(3), "source": .integer(4)],
        setup: setup(test: shard([[0, 0, 0, 0, 0, 0]], [1]), isFedSGD: true))
    }
    #expect(error?.problems.count == 4 && error?.isInfeasibility == false)
  }
}
