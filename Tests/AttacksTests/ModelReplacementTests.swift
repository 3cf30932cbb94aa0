import Attacks
import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct ModelReplacementTests {
  @Test func matchesReference() throws {
    for known in try AttackFixtures.load().modelReplacement {
      let plan = known.plan
      let bound = known.bound.map { ArgumentValue.real($0) } ?? .text("none")
      let attack = try make(
        ModelReplacement.self, ["gamma": known.gamma.argument, "norm-bound": bound],
        setup: makeSetup(participants: plan.participants, serverRate: plan.serverRate))
      let view = makeView(3, participants: plan.participants, share: plan.weightShare)
      let (sent, record) = attack.crafted(matrix(known.difference), view: view)
      for row in known.expected.indices { #expect(agree(sent.row(row), known.expected[row], 2e-6)) }
      let largest = known.used.reduce(0, max)
      let least = known.used.reduce(.infinity, min)
      #expect(abs((record["gamma"] ?? 0) - largest) <= 1e-12 * largest)
      #expect(abs((record["gamma.min"] ?? largest) - least) <= 1e-12 * least)
    }
  }

  /// Applies the plain average of one attacker's row and n − 1 zero rows to the global model.
  private func replace(_ difference: [Float], participants: Int) throws -> [Float] {
    let attack = try make(ModelReplacement.self, setup: makeSetup(participants: participants))
    let rows = Matrix(rows: [difference])
    let sent = attack.crafted(rows, view: makeView(1, participants: participants)).rows
    return sent.values.map { Float(Double($0) / Double(participants)) }
  }

  @Test(arguments: [4, 8]) func replacesTheModelToTheBit(participants: Int) throws {
    let difference: [Float] = [0.1, -3.7, 1e-20, 12345.678, .leastNonzeroMagnitude, 0]
    #expect(try replace(difference, participants: participants) == difference)
  }

  @Test(arguments: [3, 5, 7, 10, 100]) func replacesTheModelToOneUlp(participants: Int) throws {
    let difference: [Float] = [0.1, -3.7, 1e-20, 12345.678, 0]
    for (got, want) in zip(try replace(difference, participants: participants), difference) {
      #expect(abs(got - want) <= want.ulp)
    }
  }

  @Test func gammaFollowsRateAndShare() throws {
    let attack = try make(ModelReplacement.self, setup: makeSetup(serverRate: 0.5))
    let rows = matrix([[1, 0], [0, 1]])
    #expect(attack.crafted(rows, view: makeView(2, share: 0.2)).record == ["gamma": 10])
    let fixed = try make(ModelReplacement.self, ["gamma": .integer(3)])
    #expect(fixed.crafted(rows, view: makeView(2)).record == ["gamma": 3])
  }

  @Test func normBoundHoldsAndLeavesShortRowsAlone() throws {
    let attack = try make(
      ModelReplacement.self, ["gamma": .real(2), "norm-bound": .real(5)])
    let (sent, record) = attack.crafted(
      matrix([[30, 40], [0.3, 0.4], [0, 0]]), view: makeView(3))
    #expect(sent.row(0) == [3, 4])
    #expect(sent.row(1) == [0.6, 0.8])
    #expect(sent.row(2) == [0, 0])
    #expect(record == ["gamma": 2, "gamma.min": 0.1])
  }

  @Test func nobodyTakesPart() throws {
    let none = Matrix<Float>(rowCount: 0, columnCount: 2)
    let record = try make(ModelReplacement.self).crafted(none, view: makeView(0)).record
    #expect(record.isEmpty)
  }

  @Test func poisonsLikeTheBackdoor() throws {
    let shard = makeShard(labels: [1, 2, 3, 4, 5, 6, 7, 8])
    let ratio: [String: ArgumentValue] = ["ratio": .real(0.5)]
    let replaced = try make(ModelReplacement.self, ratio).poisoned(shard)
    #expect(try replaced == make(BackdoorAttack.self, ratio).poisoned(shard))
  }

  @Test func surfaceSaysWhetherTrainingDiffers() throws {
    let surface = try make(ModelReplacement.self).threatModel.surface
    #expect(surface == [.data, .update])
    let constrained = try make(ModelReplacement.self, ["alpha": .real(0.5)]).threatModel.surface
    #expect(constrained == [.data, .training, .update])
  }

  @Test func refusesWhatCannotWork() {
    #expect(throws: ConfigurationError.self) {
      try make(ModelReplacement.self, ["alpha": .real(0.5)], setup: makeSetup(isFedSGD: true))
    }
    #expect(throws: ConfigurationError.self) {
      try make(ModelReplacement.self, setup: makeSetup(serverRate: 0))
    }
    #expect(throws: ConfigurationError.self) {
      try make(ModelReplacement.self, ["gamma": .real(-1)])
    }
  }
}
