import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

@testable import Attacks

/// The known answers of `Tests/Reference/attacks_a3fl.py`.
private struct A3FLFixtures: Decodable {
  struct Case: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      var values: [Double]
      var unlearned: [Double]
      var weight: Double
    }
    var name: String
    var sizes: [Int]
    var places: [Int]
    var target: Int
    var steps: Int
    var rate: Double
    var balance: Double
    var every: Int
    var unlearnSteps: Int
    var unlearnRate: Double
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
        "rate": .real(rate), "balance": .real(balance), "every": .integer(every),
        "unlearn-steps": .integer(unlearnSteps), "unlearn-rate": .real(unlearnRate),
        "low": .real(low), "high": .real(high),
      ]
    }
  }
  var cases: [Case]

  static func load(file: String = #filePath) throws -> [Case] {
    let fixtures: Self = try decode("a3fl.json", beside: file)
    return fixtures.cases
  }
}

@Suite struct A3FLTests {
  private func attack(
    _ known: A3FLFixtures.Case, setup: AttackSetup? = nil, _ given: [String: ArgumentValue] = [:]
  ) throws -> A3FL {
    try make(
      A3FL.self, known.arguments.merging(given) { $1 }, setup: setup ?? known.network.setup())
  }

  @Test func `values are those of the algorithm`() throws {
    for known in try A3FLFixtures.load() {
      var attack = try attack(known)
      #expect(attack.roundTrigger?.positions == known.places)
      attack.observe(known.network.broadcast())
      let trigger = try #require(attack.roundTrigger)
      #expect(trigger.positions == known.places)
      #expect(agree(trigger.values.map { Double($0) }, known.expected.values), "\(known.name)")
    }
  }

  @Test func `the unlearned model is that of full gradients on the true labels`() throws {
    for known in try A3FLFixtures.load() where known.balance > 0 {
      let network = known.network
      var problems: [ConfigurationError.Problem] = []
      let trigger = Trigger(
        positions: known.places, values: known.places.map { _ in 1 })
      var optimization = try #require(
        TriggerOptimization(
          try Arguments([:], for: A3FL.manifest, plan: plan), setup: network.setup(),
          backdoor: Backdoor(trigger: trigger, target: known.target), component: "a3fl",
          problems: &problems))
      let unlearned = optimization.unlearned(
        from: network.parameters, with: trigger, steps: known.unlearnSteps,
        rate: known.unlearnRate)
      #expect(agree(unlearned.map { Double($0) }, known.expected.unlearned), "\(known.name)")
      let weight = known.balance * A3FL.cosine(unlearned, network.parameters)
      #expect(abs(weight - known.expected.weight) < 1e-6, "\(known.name)")
    }
  }

  @Test func `the next round goes on from the trigger of the last`() throws {
    let known = try #require(try A3FLFixtures.load().first)
    var (once, twice) = (try attack(known), try attack(known, ["steps": .integer(2)]))
    once.observe(known.network.broadcast())
    for round in 0..<3 { twice.observe(known.network.broadcast(round: round)) }
    // Six steps in three rounds, the same model, an unlearning every two steps.
    #expect(once.roundTrigger == twice.roundTrigger)
    let before = once.roundTrigger
    once.observe(known.network.broadcast(isActing: false))
    #expect(once.roundTrigger == before)
  }

  @Test func `without attackers or data the trigger stays that of the scenario`() throws {
    let known = try #require(try A3FLFixtures.load().first)
    var alone = try attack(known, setup: known.network.setup(shards: []))
    alone.observe(known.network.broadcast())
    #expect(alone.roundTrigger == Trigger(positions: [0, 1], values: [1, 1]))
    var bare = try make(A3FL.self)
    bare.observe(Broadcast(round: 0, global: [], isActing: true))
    #expect(bare.roundTrigger?.positions == [0, 1])
    #expect(A3FL.cosine([0, 0], [1, 2]) == 0)
  }

  @Test func `poisons data alone, with the trigger of the round`() throws {
    let known = try #require(try A3FLFixtures.load().first)
    var attack = try attack(known, ["ratio": .real(1)])
    attack.observe(known.network.broadcast())
    let trigger = try #require(attack.roundTrigger)
    let poisoned = attack.poisoned(known.network.shards[0])
    for row in 0..<poisoned.count {
      #expect(trigger.positions.map { poisoned.inputs.row(row)[$0] } == trigger.values)
      #expect(poisoned.labels[row] == known.target)
    }
    #expect(attack.threatModel == ThreatModel(surface: .data) && A3FL.tier == .dataOnly)
    let fedSGD = try make(A3FL.self, setup: makeSetup(isFedSGD: true))
    #expect(fedSGD.threatModel.surface == .data)
  }

  @Test func `refuses a trigger without values, and bounds that cross`() throws {
    let error = #expect(throws: ConfigurationError.self) {
      try make(
        A3FL.self,
        ["trigger": .text("random-per-sample"), "low": .real(1), "high": .real(1)])
    }
    #expect(error?.problems.count == 2)
  }
}
