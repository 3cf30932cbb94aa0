import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

@testable import Attacks

/// The known answers of `Tests/Reference/attacks_cerberus.py`.
private struct CerberusFixtures: Decodable {
  struct TriggerCase: Decodable, Sendable {
    struct Expected: Decodable, Sendable { var values: [Double] }
    var name: String
    var sizes: [Int]
    var places: [Int]
    var target: Int
    var steps: Int
    var rate: Double
    var radius: Double
    var low: Double
    var high: Double
    var parameters: [Double]
    var inputs: [[Double]]
    var labels: [Int]
    var expected: Expected

    var network: TinyNetwork {
      TinyNetwork(sizes, parameters: parameters, inputs: inputs, labels: labels)
    }
    var arguments: [String: ArgumentValue] {
      [
        "size": .integer(places.count), "target": .integer(target), "steps": .integer(steps),
        "rate": .real(rate), "radius": .real(radius), "low": .real(low), "high": .real(high),
      ]
    }
  }
  struct Term: Decodable, Sendable {
    var name: String
    var local: [Double]
    var global: [Double]
    var benign: [Double]
    var others: [[Double]]
    var alpha: Double
    var beta: Double
    var gradient: [Double]
    var expected: [Double]
  }
  var triggers: [TriggerCase]
  var terms: [Term]

  static func load(file: String = #filePath) throws -> Self {
    try decode("cerberus.json", beside: file)
  }
}

@Suite struct CerberusTests {
  private func attack(
    _ known: CerberusFixtures.TriggerCase, _ given: [String: ArgumentValue] = [:]
  ) throws -> Cerberus {
    try make(
      Cerberus.self, known.arguments.merging(given) { $1 }, setup: known.network.setup())
  }

  @Test func `the trigger goes down the loss inside its bounds and its ball`() throws {
    for known in try CerberusFixtures.load().triggers {
      var attack = try attack(known)
      let start = try #require(attack.roundTrigger)
      for round in 0..<2 {
        attack.observe(known.network.broadcast(round: round))
        let trigger = try #require(attack.roundTrigger)
        #expect(trigger.positions == known.places)
        #expect(agree(trigger.values.map { Double($0) }, known.expected.values), "\(known.name)")
        let square = zip(trigger.values, start.values).reduce(0.0) {
          $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
        }
        #expect(square.squareRoot() <= known.radius * (1 + 1e-6))
      }
    }
  }

  @Test func `the terms have the gradients of the reference`() throws {
    for known in try CerberusFixtures.load().terms {
      func floats(_ values: [Double]) -> [Float] { values.map { Float($0) } }
      var hook = CollusionTerm(
        benign: floats(known.benign), others: known.others.map(floats), alpha: known.alpha,
        beta: known.beta)
      var gradient = floats(known.gradient)
      var span = gradient.mutableSpan
      let (local, global) = (floats(known.local), floats(known.global))
      hook.adjustGradient(
        &span, at: local.span, anchor: global.span, step: LocalStep(index: 0, learningRate: 0.1))
      #expect(agree(gradient.map { Double($0) }, known.expected), "\(known.name)")
    }
  }

  private func trained(
    _ attack: Cerberus, _ network: TinyNetwork, client: Int = 0, epochs: Int = 3
  ) -> [Float] {
    let job = LocalJob(
      client: ClientID(client), round: 0, global: network.parameters,
      shard: attack.poisoned(network.shards[client]),
      schedule: LocalSchedule(length: .epochs(epochs), batchSize: 64, learningRate: 0.25),
      seed: SeedPath(root: 6))
    var trainer = LocalTrainer(model: network.model, batchSize: 64)
    var random = SeedPath(root: 4).stream()
    attack.train(job, with: &trainer, random: &random)
    return trainer.parameters
  }

  private func difference(_ a: [Float], _ b: [Float]) -> [Float] { zip(a, b).map { $0 - $1 } }

  private func cosine(_ a: [Float], _ b: [Float]) -> Double {
    Float.dot(a.span, b.span)
      / (Float.squaredNorm(a.span) * Float.squaredNorm(b.span)).squareRoot()
  }

  @Test func `without terms it is training on the poisoned data`() throws {
    let known = try #require(try CerberusFixtures.load().triggers.first)
    let network = known.network
    let plain = try attack(known, ["alpha": .real(0), "beta": .real(0)])
    let job = LocalJob(
      client: ClientID(0), round: 0, global: network.parameters,
      shard: plain.poisoned(network.shards[0]),
      schedule: LocalSchedule(length: .epochs(3), batchSize: 64, learningRate: 0.25),
      seed: SeedPath(root: 6))
    var trainer = LocalTrainer(model: network.model, batchSize: 64)
    var random = SeedPath(root: 4).stream()
    job.train(with: &trainer, random: &random)
    #expect(trained(plain, network) == trainer.parameters)
  }

  @Test func `a larger alpha ends nearer to the own benign model`() throws {
    let known = try #require(try CerberusFixtures.load().triggers.first)
    let network = known.network
    var trainer = LocalTrainer(model: network.model, batchSize: 64)
    var random = SeedPath(root: 4).stream()
    trainer.train(
      from: network.parameters, inputs: network.shards[0].inputs,
      labels: network.shards[0].labels,
      schedule: LocalSchedule(length: .epochs(3), batchSize: 64, learningRate: 0.25),
      random: &random)
    let benign = trainer.parameters
    let distances = try [0, 0.05, 0.2].map { alpha in
      let attack = try attack(known, ["alpha": .real(alpha), "beta": .real(0), "ratio": .real(1)])
      let parameters = trained(attack, network)
      return Float.squaredDistance(parameters.span, benign.span)
    }
    #expect(distances[0] > distances[1] && distances[1] > distances[2])
  }

  @Test func `a larger beta turns away from what the others sent`() throws {
    let known = try #require(try CerberusFixtures.load().triggers.first)
    let network = known.network
    let cosines = try [0, 0.1, 0.5].map { beta in
      var attack = try attack(known, ["alpha": .real(0), "beta": .real(beta)])
      let other = difference(trained(attack, network, client: 1), network.parameters)
      var rows = Matrix<Float>(rows: [other])
      let before = rows
      let view = AttackerView(
        round: 0, global: network.parameters, clients: [ClientID(1)], participantCount: 10,
        weightShare: 0.1, honest: nil)
      var random = SeedPath(root: 5).stream()
      #expect(attack.craft(&rows, view, random: &random).isEmpty)
      #expect(rows == before)
      return cosine(difference(trained(attack, network), network.parameters), other)
    }
    #expect(cosines[0] > cosines[1] && cosines[1] > cosines[2])
  }

  @Test func `one attacker has nobody to differ from`() throws {
    let known = try #require(try CerberusFixtures.load().triggers.first)
    let network = known.network
    var attack = try attack(known, ["alpha": .real(0), "beta": .real(1)])
    let first = trained(attack, network)
    var rows = Matrix<Float>(rows: [difference(first, network.parameters)])
    let view = AttackerView(
      round: 0, global: network.parameters, clients: [ClientID(0)], participantCount: 10,
      weightShare: 0.1, honest: nil)
    var random = SeedPath(root: 5).stream()
    _ = attack.craft(&rows, view, random: &random)
    #expect(trained(attack, network) == first)
  }

  @Test func `surface and refusals`() throws {
    #expect(try make(Cerberus.self).threatModel.surface == [.data, .training, .update])
    #expect(
      try make(Cerberus.self, ["beta": .real(0)]).threatModel.surface == [.data, .training])
    let error = #expect(throws: ConfigurationError.self) {
      try make(
        Cerberus.self,
        ["trigger": .text("random-per-sample"), "low": .real(2), "lr": .real(1)],
        setup: makeSetup(isFedSGD: true))
    }
    #expect(error?.problems.count == 4)
  }
}
