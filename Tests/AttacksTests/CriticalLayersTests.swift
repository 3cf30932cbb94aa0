import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

@testable import Attacks

/// The known answers of `Tests/Reference/attacks_critical_layers.py`.
private struct CriticalLayersFixtures: Decodable {
  struct Case: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      var whole: Int
      var benign: Int
      var left: [Int]
      var critical: [Int]
      var sent: [Double]
    }
    var name: String
    var sizes: [Int]
    var places: [Int]
    var target: Int
    var steps: Int
    var tau: Double
    var lambda: Double
    var mode: String
    var unit: String
    var parameters: [Double]
    var inputs: [[Double]]
    var labels: [Int]
    var expected: Expected

    var network: TinyNetwork {
      TinyNetwork(sizes, parameters: parameters, inputs: inputs, labels: labels)
    }
    func arguments(_ given: [String: ArgumentValue] = [:]) -> [String: ArgumentValue] {
      [
        "size": .integer(places.count), "target": .integer(target), "ratio": .real(1),
        "tau": .real(tau), "lambda": .real(lambda), "mode": .text(mode), "unit": .text(unit),
      ].merging(given) { $1 }
    }
  }
  var cases: [Case]

  static func load(file: String = #filePath) throws -> Self {
    try decode("critical-layers.json", beside: file)
  }
}

@Suite struct CriticalLayersTests {
  private typealias Case = CriticalLayersFixtures.Case

  private func job(_ attack: CriticalLayers, _ known: Case, batch: Int = 64) -> LocalJob {
    let network = known.network
    return LocalJob(
      client: ClientID(0), round: 0, global: network.parameters,
      shard: attack.poisoned(network.shards[0]),
      schedule: LocalSchedule(
        length: .epochs(known.steps), batchSize: batch, learningRate: 0.25),
      seed: SeedPath(root: 6))
  }

  private func trained(
    _ known: Case, _ given: [String: ArgumentValue] = [:], batch: Int = 64, momentum: Float = 0
  ) throws -> (parameters: [Float], gradients: Int) {
    let attack = try make(
      CriticalLayers.self, known.arguments(given), setup: known.network.setup())
    var trainer = LocalTrainer(model: known.network.model, batchSize: batch)
    var random = SeedPath(root: 4).stream()
    var job = job(attack, known, batch: batch)
    if momentum != 0 {
      var schedule = job.schedule
      schedule.momentum = momentum
      job = LocalJob(
        client: job.client, round: 0, global: job.global, shard: job.shard, schedule: schedule,
        seed: job.seed)
    }
    attack.train(job, with: &trainer, random: &random)
    return (trainer.parameters, trainer.gradientCount)
  }

  /// What an honest client would send.
  private func honest(_ known: Case, batch: Int = 64) -> [Float] {
    let network = known.network
    var trainer = LocalTrainer(model: network.model, batchSize: batch)
    var random = SeedPath(root: 4).stream()
    trainer.train(
      from: network.parameters, inputs: network.shards[0].inputs,
      labels: network.shards[0].labels,
      schedule: LocalSchedule(
        length: .epochs(known.steps), batchSize: batch, learningRate: 0.25), random: &random)
    return trainer.parameters
  }

  @Test func `what is sent agrees with the reference`() throws {
    for known in try CriticalLayersFixtures.load().cases {
      let (parameters, gradients) = try trained(known)
      #expect(
        agree(parameters.map { Double($0) }, known.expected.sent, ofLargest: 1e-5),
        "\(known.name)")
      // Two trainings of all examples, and the analysis on those that count.
      let probed = known.network.shards[0].labels.count { $0 != known.target }
      let passes = (1 + known.expected.left.count + known.expected.critical.count) * probed
      #expect(
        gradients == 2 * known.steps * known.network.shards[0].count + (passes + 2) / 3,
        "\(known.name)")
    }
  }

  @Test func `all but the critical layers are those of an honest client, bit for bit`() throws {
    for known in try CriticalLayersFixtures.load().cases {
      let unit = try #require(LayerSubstitution.Unit(rawValue: known.unit))
      let layers = LayerSubstitution(known.network.model.layout, unit: unit).layers
      #expect(layers.count == known.expected.left.count)
      let (sent, _) = try trained(known, batch: 4)
      let honest = honest(known, batch: 4)
      let different = layers.filter { sent[$0] != honest[$0] }
      #expect(!different.isEmpty && different.count < layers.count, "\(known.name)")
    }
  }

  @Test func `nothing to find is nothing to send`() throws {
    let known = try #require(try CriticalLayersFixtures.load().cases.first)
    let honest = honest(known)
    // No share of the successes is wanted, or nothing was poisoned and nothing succeeds.
    #expect(try trained(known, ["tau": .real(0)]).parameters == honest)
    let sources = try trained(
      known, ["source": .integer(1), "target": .integer(0), "ratio": .real(0)])
    #expect(sources.parameters.count == honest.count)
    #expect(try trained(known, ["lambda": .real(0)]).parameters.count == honest.count)
  }

  @Test func `a factor of 0 sends the honest update`() throws {
    let known = try #require(try CriticalLayersFixtures.load().cases.first)
    let (sent, honest) = (try trained(known, ["lambda": .real(0)]).parameters, honest(known))
    #expect(agree(sent.map { Double($0) }, honest.map { Double($0) }))
  }

  @Test func `what it leaves is the result, whatever the schedule`() throws {
    let known = try #require(try CriticalLayersFixtures.load().cases.first)
    let plain = try trained(known, batch: 4).parameters
    #expect(try trained(known, batch: 4).parameters == plain)
    #expect(try trained(known, batch: 4, momentum: 0.5).parameters.allSatisfy(\.isFinite))
    #expect(
      try trained(known, ["samples": .integer(1)], batch: 4).parameters.allSatisfy(\.isFinite))
  }

  // MARK: - The analysis

  private let layout = ParameterLayout([
    .init(name: "dense1.weight", role: .weight, shape: [2, 2], range: 0..<4),
    .init(name: "dense1.bias", role: .bias, shape: [2], range: 4..<6),
    .init(name: "block1.conv1.weight", role: .weight, shape: [1], range: 6..<7),
    .init(name: "block1.conv2.weight", role: .weight, shape: [1], range: 7..<8),
    .init(name: "all", role: .weight, shape: [1], range: 8..<9),
    .init(name: "other", role: .weight, shape: [1], range: 9..<10),
  ])

  @Test func `layers are tensors, or those of one name`() {
    #expect(LayerSubstitution(layout, unit: .tensor).layers == layout.segments.map(\.range))
    #expect(
      LayerSubstitution(layout, unit: .layer).layers == [0..<6, 6..<7, 7..<8, 8..<9, 9..<10])
    #expect(LayerSubstitution(ParameterLayout([]), unit: .layer).layers.isEmpty)
  }

  /// Malicious parameters are 1, benign ones 0; a model's successes are a sum over what it has of them.
  private func critical(_ weights: [Int], share: Double, needsAll: Bool = false) -> [Int] {
    let substitution = LayerSubstitution(
      ParameterLayout(
        weights.indices.map {
          .init(name: "p\($0)", role: .weight, shape: [1], range: $0..<$0 + 1)
        }), unit: .tensor)
    return substitution.critical(
      benign: [Float](repeating: 0, count: weights.count),
      malicious: [Float](repeating: 1, count: weights.count), share: share
    ) { model in
      if needsAll && model.contains(0) { return 0 }
      return zip(model, weights).reduce(0) { $0 + Int($1.0) * $1.1 }
    }
  }

  @Test func `the layers without which most is lost come first`() {
    #expect(critical([1, 7, 2], share: 0.7) == [1])
    #expect(critical([1, 7, 2], share: 0.9) == [1, 2])
    #expect(critical([1, 7, 2], share: 1) == [1, 2, 0])
    // Of equal ones the earlier comes first.
    #expect(critical([3, 3, 3, 3], share: 0.5) == [0, 1])
    #expect(critical([0, 0], share: 1).isEmpty)
    #expect(critical([5, 5], share: 0).isEmpty)
    // 0.28 of 25 are 7, though more in binary.
    #expect(critical([7, 6, 6, 6], share: 0.28) == [0])
    // Where no part does it, all are taken.
    #expect(critical([1, 1, 1], share: 0.95, needsAll: true) == [0, 1, 2])
  }

  @Test func `successes are counted over the examples that count`() throws {
    let known = try #require(try CriticalLayersFixtures.load().cases.first)
    let network = known.network
    let attack = try make(CriticalLayers.self, known.arguments(), setup: network.setup())
    guard case .backdoor(let backdoor) = attack.goal else {
      Issue.record("no backdoor")
      return
    }
    var random = SeedPath(root: 1).stream()
    let shard = network.shards[0]
    var hits = try #require(
      TriggeredHits(
        of: shard, for: backdoor, limit: 256, model: network.model, random: &random))
    var parameters = [Float](repeating: 0, count: network.parameters.count)
    // Ties go to class 0, the target, and every row counts that is of another class.
    #expect(hits.count(at: parameters) == shard.labels.count { $0 != known.target })
    parameters[parameters.count - 1] = 1
    #expect(hits.count(at: parameters) == 0)
    parameters[parameters.count - 1] = .nan
    #expect(hits.count(at: parameters) == 0)
    let own = shard.selecting(shard.labels.indices.filter { shard.labels[$0] == known.target })
    #expect(
      TriggeredHits(of: own, for: backdoor, limit: 9, model: network.model, random: &random)
        == nil)
  }

  @Test func `surface and refusals`() throws {
    #expect(try make(CriticalLayers.self).threatModel.surface == [.data, .training])
    let error = #expect(throws: ConfigurationError.self) {
      try make(CriticalLayers.self, ["lr": .real(1)], setup: makeSetup(isFedSGD: true))
    }
    #expect(error?.problems.count == 2)
  }
}
