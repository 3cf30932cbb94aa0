import Components
import Datasets
import Defenses
import Federation
import Tensors
import Testing
import Training

/// The known answers of `Tests/Reference/finishers_fine_tune.py`.
private struct FineTuningCase: Decodable, Sendable {
  struct Settings: Decodable, Sendable {
    var epochs: Int
    var lr: Double
    var low: Double
    var base: Double
    var high: Int
    var cycle: Int
    var batch: Int
    var bound: Double?
    var clip: String
  }

  var name: String
  var sizes: [Int]
  var round: Int
  var settings: Settings
  var model: [Double]
  var inputs: [[Double]]
  var labels: [Int]
  var change: Double
  var expected: [Double]

  var arguments: [String: ArgumentValue] {
    [
      "epochs": .integer(settings.epochs), "lr": .real(settings.lr), "low-lr": .real(settings.low),
      "base-lr": .real(settings.base), "high-epochs": .integer(settings.high),
      "cycle": .integer(settings.cycle), "batch-size": .integer(settings.batch),
      "bound": settings.bound.map { .real($0) } ?? .text("none"), "clip": .text(settings.clip),
    ]
  }

  func setup(rounds: Int = 1) -> DefenseSetup {
    let classes = sizes[sizes.count - 1]
    let model = Sequential.perceptron(
      inputs: sizes[0], hidden: Array(sizes.dropFirst().dropLast()), classes: classes,
      initialization: .he)
    let root = Shard(
      inputs: Matrix(rows: inputs.map { $0.map { Float($0) } }), labels: labels,
      classCount: classes, shape: .vector(sizes[0]))
    return DefenseSetup(
      participantCount: 3, roundCount: rounds, layout: model.layout, model: model, rootData: root)
  }
}

@Suite struct FineTuningTests {
  private let cases: [FineTuningCase]

  init() throws { cases = try FixtureFile<FineTuningCase>.load("fine_tune.json").cases }

  private func make(
    _ given: [String: ArgumentValue], _ setup: DefenseSetup
  ) throws -> any ModelFinisher {
    let entry = try makeCatalog().finisher("fine-tune")
    return try entry.make(Arguments(given, for: entry.manifest), setup)
  }

  @Test func agreesWithReference() throws {
    #expect(!cases.isEmpty)
    for known in cases {
      var finisher = try make(known.arguments, known.setup())
      var model = known.model.map { Float($0) }
      try finisher.finish(&model, in: makeRound(known.round))
      #expect(agree(model, known.expected), "\(known.name)")
    }
  }

  @Test func changeStaysWithinTheBound() throws {
    let known = cases[1]
    for bound in [1e-6, 0.01, 0.1] {
      var given = known.arguments
      given["bound"] = .real(bound)
      given["clip"] = .text("change")
      var finisher = try make(given, known.setup())
      let before = known.model.map { Float($0) }
      var model = before
      try finisher.finish(&model, in: makeRound())
      let change = zip(model, before).reduce(0.0) {
        $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
      }.squareRoot()
      // Each parameter is rounded once.
      #expect(model != before && change <= bound + 1e-6)
    }
  }

  @Test func lowersTheLossOnTheRootData() throws {
    let known = cases[1]
    let setup = known.setup()
    let model = try #require(setup.model)
    let root = try #require(setup.rootData)
    func loss(_ parameters: [Float]) -> Double {
      var workspace = model.makeWorkspace(batchSize: root.count)
      return model.loss(
        inputs: root.inputs.values.span, labels: root.labels.span, parameters: parameters.span,
        workspace: &workspace)
    }
    var finisher = try make([:], setup)
    var parameters = known.model.map { Float($0) }
    let before = loss(parameters)
    try finisher.finish(&parameters, in: makeRound())
    #expect(loss(parameters) < before)
  }

  @Test func runsAfterTheLastRoundAloneIfToldSo() throws {
    let known = cases[1]
    for (rounds, number, runs) in [(1, 0, true), (3, 0, false), (3, 1, false), (3, 2, true)] {
      var finisher = try make(["rounds": .text("last")], known.setup(rounds: rounds))
      let before = known.model.map { Float($0) }
      var model = before
      try finisher.finish(&model, in: makeRound(number))
      #expect((model != before) == runs)
    }
  }

  @Test func keepsAModelWhoseTrainingDiverges() throws {
    let known = cases[1]
    let given: [String: ArgumentValue] = [
      "lr": .real(3e38), "base-lr": .real(3e38), "bound": .text("none"), "batch-size": .integer(1),
    ]
    var finisher = try make(given, known.setup())
    let before = known.model.map { Float($0) }
    var model = before
    try finisher.finish(&model, in: makeRound())
    #expect(model == before)
  }

  @Test func drawsFromTheRoundAlone() throws {
    let known = cases[1]
    var finisher = try make(["batch-size": .integer(2)], known.setup(rounds: 5))
    let start = known.model.map { Float($0) }
    var models: [[Float]] = []
    for number in [0, 1, 0] {
      var model = start
      try finisher.finish(&model, in: makeRound(number, width: number + 1))
      models.append(model)
    }
    #expect(models[0] == models[2] && models[0] != models[1])
    #expect(finisher.isCopyable && finisher.smoothing == nil)
  }

  @Test func needsDataAndModel() throws {
    let entry = try makeCatalog().finisher("fine-tune")
    #expect(entry.needs == [.rootData, .model])
    var bare = try make([:], DefenseSetup(participantCount: 3))
    var model: [Float] = [1, 2]
    #expect(throws: DefenseError.self) { try bare.finish(&model, in: makeRound()) }
    #expect(model == [1, 2])
  }
}
