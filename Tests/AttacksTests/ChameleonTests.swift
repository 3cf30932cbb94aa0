import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

@testable import Attacks

/// The known answers of `Tests/Reference/attacks_chameleon.py`.
private struct ChameleonFixtures: Decodable {
  struct Loss: Decodable, Sendable {
    struct Expected: Decodable, Sendable { var gradient: [[Double]] }
    var name: String
    var features: [[Double]]
    var labels: [Int]
    var temperature: Double
    var target: Int
    var weight: Double
    var expected: Expected
  }
  struct Training: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      var gradient: [Double]
      var encoder: [Double]
      var parameters: [Double]
    }
    var name: String
    var sizes: [Int]
    var temperature: Double
    var weight: Double
    var target: Int
    var contrastEpochs: Int
    var epochs: Int
    var contrastRate: Double
    var rate: Double
    var parameters: [Double]
    var inputs: [[Double]]
    var labels: [Int]
    var expected: Expected

    var network: TinyNetwork {
      TinyNetwork(sizes, parameters: parameters, inputs: inputs, labels: labels, clients: 1)
    }
  }
  var losses: [Loss]
  var trainings: [Training]

  static func load(file: String = #filePath) throws -> Self {
    try decode("chameleon.json", beside: file)
  }
}

@Suite struct ChameleonTests {
  private func attack(
    _ known: ChameleonFixtures.Training, _ given: [String: ArgumentValue] = [:]
  ) throws -> Chameleon {
    let arguments: [String: ArgumentValue] = [
      "target": .integer(known.target), "temperature": .real(known.temperature),
      "weight": .real(known.weight), "contrast-epochs": .integer(known.contrastEpochs),
      "contrast-lr": .real(known.contrastRate), "lr": .real(known.rate),
      "epochs": .integer(known.epochs),
    ]
    return try make(
      Chameleon.self, arguments.merging(given) { $1 }, setup: known.network.setup())
  }

  private func trained(
    _ pipeline: AttackPipeline, _ network: TinyNetwork, batch: Int = 64, momentum: Float = 0,
    decay: Float = 0
  ) -> [Float] {
    let job = LocalJob(
      client: ClientID(0), round: 0, global: network.parameters, shard: network.data,
      schedule: LocalSchedule(
        length: .epochs(1), batchSize: batch, learningRate: 0.25, momentum: momentum,
        weightDecay: decay),
      seed: SeedPath(root: 6))
    var trainer = LocalTrainer(model: network.model, batchSize: batch)
    var random = SeedPath(root: 4).stream()
    pipeline.train(job, with: &trainer, random: &random)
    return trainer.parameters
  }

  @Test func `the contrastive loss has the gradient of the reference`() throws {
    for known in try ChameleonFixtures.load().losses {
      var term = SupervisedContrast(
        temperature: known.temperature, target: known.target, weight: known.weight)
      let width = known.features[0].count
      // Room left by a larger batch does not count.
      for room in [known.labels.count, known.labels.count + 3] {
        term.makeRoom(room, width)
        for (index, value) in known.features.flatMap({ $0 }).enumerated() {
          term.features[index] = Float(value)
        }
        term.differentiate(known.labels.span, width)
        let gradient = term.features.prefix(known.labels.count * width).map { Double($0) }
        let expected = known.expected.gradient.flatMap { $0 }
        #expect(
          agree(gradient, expected) || gradient.allSatisfy { abs($0) < 1e-12 }, "\(known.name)")
        if expected.contains(where: { abs($0) > 1e-9 }) {
          #expect(gradient.contains { $0 != 0 }, "\(known.name)")
        }
      }
    }
  }

  @Test func `it goes back through the hidden layers and leaves the last one`() throws {
    for known in try ChameleonFixtures.load().trainings {
      let network = known.network
      var term = SupervisedContrast(
        temperature: known.temperature, target: known.target, weight: known.weight)
      var gradient = [Float](repeating: .nan, count: network.parameters.count)
      var workspace = network.model.makeWorkspace(batchSize: 20)
      let inputs = network.data.inputs.values
      var span = gradient.mutableSpan
      term.differentiate(
        inputs: inputs.span, labels: known.labels.span, at: network.parameters.span,
        model: network.model, into: &span, workspace: &workspace)
      #expect(
        agree(gradient.map { Double($0) }, known.expected.gradient, ofLargest: 2e-6),
        "\(known.name)")
      for segment in network.model.layout.segments.suffix(2) {
        #expect(segment.range.allSatisfy { gradient[$0] == 0 })
      }
    }
  }

  @Test func `two stages end where the reference does`() throws {
    for known in try ChameleonFixtures.load().trainings {
      let parameters = trained(AttackPipeline(try attack(known)), known.network)
      #expect(
        agree(parameters.map { Double($0) }, known.expected.parameters, ofLargest: 2e-6),
        "\(known.name)")
    }
  }

  @Test(arguments: [0, 0.9] as [Float])
  func `the first stage keeps the output layer, the second all others`(momentum: Float) throws {
    let known = try #require(try ChameleonFixtures.load().trainings.last)
    let network = known.network
    let outputs = network.model.layout.segments.suffix(2).map(\.range)
    func isOutput(_ index: Int) -> Bool { outputs.contains { $0.contains(index) } }
    let short = trained(AttackPipeline(try attack(known)), network, batch: 5, momentum: momentum)
    let long = trained(
      AttackPipeline(try attack(known, ["epochs": .integer(9)])), network, batch: 5,
      momentum: momentum)
    for index in short.indices {
      if isOutput(index) {
        #expect(short[index] != long[index])
      } else {
        #expect(short[index].bitPattern == long[index].bitPattern)
      }
    }
    #expect(short.indices.contains { !isOutput($0) && short[$0] != network.parameters[$0] })
  }

  @Test func `weight decay moves no layer outside its stage`() throws {
    let known = try #require(try ChameleonFixtures.load().trainings.last)
    let network = known.network
    // A second stage that all but stands still shows what the first one did.
    let attack = try attack(known, ["lr": .real(1e-30)])
    let parameters = trained(AttackPipeline(attack), network, decay: 0.5)
    let outputs = network.model.layout.segments.suffix(2).flatMap { Array($0.range) }
    #expect(outputs.allSatisfy { parameters[$0] == network.parameters[$0] })
    #expect(parameters != network.parameters)
  }

  @Test func `modifiers act in both stages`() throws {
    let known = try #require(try ChameleonFixtures.load().trainings.first)
    let network = known.network
    let ball = try make(
      modifier: NormBall.self, ["radius": .real(0.0625)], setup: network.setup())
    let held = trained(AttackPipeline(try attack(known), modifiers: [ball]), network)
    let distance = Float.squaredDistance(held.span, network.parameters.span).squareRoot()
    #expect(distance > 0.03 && distance <= 0.0625 * (1 + 1e-5))
  }

  @Test func `batches of one example train the output layer alone`() throws {
    let known = try #require(try ChameleonFixtures.load().trainings.first)
    let network = known.network
    let parameters = trained(AttackPipeline(try attack(known)), network, batch: 1)
    let encoder = network.model.layout.segments.dropLast(2).flatMap { Array($0.range) }
    for index in encoder {
      #expect(parameters[index].bitPattern == network.parameters[index].bitPattern)
    }
  }

  @Test func `poisons like the backdoor, and refuses what cannot be`() throws {
    let shard = makeShard(labels: [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(
      try make(Chameleon.self).poisoned(shard) == make(BackdoorAttack.self).poisoned(shard))
    #expect(try make(Chameleon.self).goal == make(BackdoorAttack.self).goal)
    #expect(try make(Chameleon.self).threatModel.surface == [.data, .training])
    let flat = LocalTask()
    let error = #expect(throws: ConfigurationError.self) {
      try make(Chameleon.self, ["target": .integer(7)], setup: flat.setup)
    }
    #expect(error?.problems.count == 2)
    let single = #expect(throws: ConfigurationError.self) {
      try make(Chameleon.self, ["lr": .real(1)], setup: makeSetup(isFedSGD: true))
    }
    #expect(single?.problems.count == 2)
  }
}
