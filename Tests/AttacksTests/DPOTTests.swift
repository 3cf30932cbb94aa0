import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

@testable import Attacks

/// The known answers of `Tests/Reference/attacks_dpot.py`.
private struct DPOTFixtures: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    struct Expected: Decodable, Sendable {
      var sensitivity: [Double]
      var positions: [Int]
      var values: [Double]
    }
    var name: String
    var sizes: [Int]
    var channels: Int
    var pixels: Int
    var target: Int
    var steps: Int
    var rate: Double
    var low: Double
    var high: Double
    var parameters: [Double]
    var inputs: [[Double]]
    var labels: [Int]
    var expected: Expected

    var testDescription: String { name }
    var network: TinyNetwork {
      TinyNetwork(
        sizes, parameters: parameters, inputs: inputs, labels: labels, channels: channels)
    }
  }
  var cases: [Case]

  static func load(file: String = #filePath) throws -> [Case] {
    let fixtures: Self = try decode("dpot.json", beside: file)
    return fixtures.cases
  }
}

@Suite struct DPOTTests {
  private func attack(
    _ known: DPOTFixtures.Case, setup: AttackSetup? = nil, _ given: [String: ArgumentValue] = [:]
  ) throws -> DPOT {
    var arguments: [String: ArgumentValue] = [
      "size": .integer(1), "pixels": .integer(known.pixels), "target": .integer(known.target),
      "steps": .integer(known.steps), "rate": .real(known.rate), "low": .real(known.low),
      "high": .real(known.high),
    ]
    arguments.merge(given) { $1 }
    return try make(DPOT.self, arguments, setup: setup ?? known.network.setup())
  }

  @Test func `chooses the pixels and values of the paper`() throws {
    for known in try DPOTFixtures.load() {
      var attack = try attack(known)
      attack.observe(known.network.broadcast())
      let trigger = try #require(attack.roundTrigger)
      #expect(trigger.positions == known.expected.positions, "\(known.name)")
      #expect(
        agree(trigger.values.map { Double($0) }, known.expected.values), "\(known.name)")
      #expect(
        trigger.values.allSatisfy { Double($0) >= known.low && Double($0) <= known.high })
      #expect(
        trigger.pixelCount(on: known.network.data.shape) == known.pixels, "\(known.name)")
    }
  }

  @Test func `the sensitivity is the gradient by a feature of all examples`() throws {
    for known in try DPOTFixtures.load() {
      let network = known.network
      var problems: [ConfigurationError.Problem] = []
      let arguments = try Arguments(
        ["low": .real(known.low), "high": .real(known.high)], for: DPOT.manifest, plan: plan)
      var optimization = try #require(
        TriggerOptimization(
          arguments, setup: network.setup(),
          backdoor: Backdoor(
            trigger: Trigger(positions: [0], values: [1]), target: known.target),
          component: "dpot", problems: &problems))
      let gradient = optimization.gradient(
        at: network.parameters, with: Trigger(positions: [], values: []))
      #expect(agree(gradient, known.expected.sensitivity), "\(known.name)")
    }
  }

  @Test func `the trigger is new in rounds in which it acts, and stays in others`() throws {
    let known = try #require(try DPOTFixtures.load().first)
    var attack = try attack(known)
    let first = attack.roundTrigger
    attack.observe(known.network.broadcast(isActing: false))
    #expect(attack.roundTrigger == first)
    attack.observe(known.network.broadcast())
    let second = attack.roundTrigger
    #expect(second != first)
    let other = known.network.parameters.map { -$0 }
    attack.observe(Broadcast(round: 1, global: other, isActing: true))
    #expect(attack.roundTrigger != second)
    #expect(attack.goal == (try self.attack(known)).goal)
  }

  @Test func `examples get the trigger of the round and nothing else`() throws {
    let known = try #require(try DPOTFixtures.load().first)
    var attack = try attack(known, ["ratio": .real(0.5)])
    attack.observe(known.network.broadcast())
    let trigger = try #require(attack.roundTrigger)
    let shard = known.network.shards[0]
    let poisoned = attack.poisoned(shard)
    let changed = (0..<shard.count).filter { poisoned.inputs.row($0) != shard.inputs.row($0) }
    #expect(changed.count == shard.count / 2)
    for row in 0..<shard.count {
      let isChanged = changed.contains(row)
      var expected = shard.inputs.row(row)
      if isChanged { for (p, v) in zip(trigger.positions, trigger.values) { expected[p] = v } }
      #expect(poisoned.inputs.row(row) == expected)
      #expect(poisoned.labels[row] == (isChanged ? known.target : shard.labels[row]))
    }
    #expect(attack.threatModel == ThreatModel(surface: .data))
    #expect(DPOT.tier == .dataOnly)
  }

  @Test func `nothing to optimise on leaves the trigger of the scenario`() throws {
    let known = try #require(try DPOTFixtures.load().first)
    let network = known.network
    let target = network.data.labels.indices.filter { network.data.labels[$0] == known.target }
    for shards in [[], [network.data.selecting(target)], [network.data.selecting([])]] {
      var attack = try attack(known, setup: network.setup(shards: shards))
      let first = attack.roundTrigger
      attack.observe(network.broadcast())
      #expect(attack.roundTrigger == first && first != nil)
    }
    var bare = try make(DPOT.self)
    bare.observe(Broadcast(round: 0, global: [], isActing: true))
    #expect(bare.roundTrigger?.positions == [0, 1])
  }

  @Test func `by default it has as many pixels as the trigger of the scenario`() throws {
    let known = try #require(try DPOTFixtures.load().first)
    var attack = try attack(known, ["size": .integer(3), "pixels": .text("trigger")])
    attack.observe(known.network.broadcast())
    #expect(attack.roundTrigger?.positions.count == 3)
  }

  @Test func `fewer samples are drawn from all attackers, the same in every call`() throws {
    let known = try #require(try DPOTFixtures.load().first)
    func trigger() throws -> Trigger? {
      var attack = try attack(known, ["samples": .integer(3)])
      attack.observe(known.network.broadcast())
      return attack.roundTrigger
    }
    #expect(try trigger() == trigger())
    #expect(try trigger()?.values.count == known.pixels)
  }

  @Test func `refuses what cannot be, all at once`() throws {
    let error = #expect(throws: ConfigurationError.self) {
      try make(DPOT.self, ["pixels": .integer(7), "low": .real(2), "target": .integer(10)])
    }
    #expect(error?.problems.count == 3)
  }
}
