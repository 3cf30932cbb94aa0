import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct UpdateAttackTests {
  @Test func signFlipMatchesReference() throws {
    for known in try AttackFixtures.load().signFlip {
      let attack = try make(SignFlip.self, ["scale": .real(known.scale)])
      let sent = attack.crafted(matrix(known.honest), view: makeView(4)).rows
      for row in known.expected.indices { #expect(agree(sent.row(row), known.expected[row])) }
    }
  }

  @Test func zeroAndNaNOverwriteEveryValue() throws {
    let rows = matrix([[1, -2], [3, 4]])
    let zero = try make(ZeroUpdate.self).crafted(rows, view: makeView(2)).rows
    #expect(zero.values == [0, 0, 0, 0])
    let nan = try make(NaNUpdate.self).crafted(rows, view: makeView(2)).rows
    #expect(nan.values.count == 4 && nan.values.allSatisfy(\.isNaN))
  }

  @Test func noiseReplacesWithItsMeanAndDeviation() throws {
    let attack = try make(GaussianNoise.self, ["mean": .real(2), "sd": .real(0.5)])
    let rows = Matrix<Float>(rowCount: 2, columnCount: 20_000)
    let sent = attack.crafted(rows, view: makeView(2)).rows
    let values = sent.values.map { Double($0) }
    let mean = values.reduce(0, +) / 40_000
    let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 40_000
    #expect(abs(mean - 2) < 0.015)
    #expect(abs(variance.squareRoot() - 0.5) < 0.01)
    #expect(sent.row(0) != sent.row(1))
  }

  @Test func noiseAddsToTheHonestUpdate() throws {
    let honest = matrix([[100, -100, 7]])
    let replace = try make(GaussianNoise.self).crafted(honest, view: makeView(1)).rows
    let add = try make(GaussianNoise.self, ["mode": .text("add")])
      .crafted(honest, view: makeView(1)).rows
    for column in 0..<3 {
      #expect(abs(add.values[column] - honest.values[column] - replace.values[column]) < 1e-5)
    }
  }

  @Test func noiseWithoutDeviationIsConstant() throws {
    let attack = try make(GaussianNoise.self, ["mean": .real(-1), "sd": .real(0)])
    #expect(attack.crafted(matrix([[1, 2]]), view: makeView(1)).rows.values == [-1, -1])
  }

  @Test func noiseFollowsItsStream() throws {
    let attack = try make(GaussianNoise.self)
    let rows = matrix([[0, 0, 0]])
    let view = makeView(1)
    #expect(
      attack.crafted(rows, view: view, seed: 1).rows
        == attack.crafted(rows, view: view, seed: 1).rows)
    #expect(
      attack.crafted(rows, view: view, seed: 1).rows
        != attack.crafted(rows, view: view, seed: 2).rows)
  }

  @Test func noAttackChangesNothing() throws {
    let attack = try make(NoAttack.self)
    let rows = matrix([[1, 2], [3, 4]])
    #expect(attack.crafted(rows, view: makeView(2)).rows == rows)
    let shard = makeShard(labels: [0, 1, 2])
    #expect(attack.poisoned(shard) == shard)
    #expect(attack.goal == .none)
    #expect(attack.threatModel.surface.isEmpty)
  }
}
