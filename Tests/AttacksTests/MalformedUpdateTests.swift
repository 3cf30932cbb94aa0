import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct MalformedUpdateTests {
  private let rows = matrix([[1, -2, 3], [4, 5, 6]])

  @Test func infinitiesHaveTheirSigns() throws {
    let (up, down) = (Float.infinity, -Float.infinity)
    for (sign, expected) in [
      "plus": [up, up, up], "minus": [down, down, down], "both": [up, down, up],
    ] {
      let attack = try make(InfiniteUpdate.self, ["sign": .text(sign)])
      #expect(attack.crafted(rows, view: makeView(2)).rows.values == expected + expected)
    }
    #expect(try make(InfiniteUpdate.self).crafted(rows, view: makeView(2)).rows.values[0] == up)
  }

  @Test func hugeValuesAreFinite() throws {
    let huge = try make(HugeUpdate.self).crafted(rows, view: makeView(2)).rows
    #expect(huge.values == .init(repeating: 1e38, count: 6))
    let largest = try make(
      HugeUpdate.self, ["value": .real(-Double(Float.greatestFiniteMagnitude))])
    #expect(
      largest.crafted(rows, view: makeView(2)).rows.values
        == .init(repeating: -Float.greatestFiniteMagnitude, count: 6))
    #expect(throws: ConfigurationError.self) {
      try make(HugeUpdate.self, ["value": .real(3.5e38)])
    }
  }

  /// What one client with the rounds' own rows (1), (2), … sends.
  private func stale(_ delay: Int, rounds: [Int]) throws -> [Float] {
    var attack = try make(StaleUpdate.self, ["delay": .integer(delay)])
    var random = SeedPath(root: 1).stream()
    return rounds.map { round in
      var rows = matrix([[Double(round)]])
      let view = AttackerView(
        round: round, global: [], clients: [ClientID(3)], participantCount: 5, weightShare: 0.2,
        honest: nil)
      let record = attack.craft(&rows, view, random: &random)
      #expect(record == ["age": Double(round) - Double(rows.values[0])])
      return rows.values[0]
    }
  }

  @Test func staleRowsAreThoseOfBefore() throws {
    #expect(try stale(1, rounds: [1, 2, 3, 4]) == [1, 1, 2, 3])
    #expect(try stale(0, rounds: [1, 2, 3]) == [1, 2, 3])
    #expect(try stale(2, rounds: [1, 2, 3, 4, 5]) == [1, 1, 1, 2, 3])
    #expect(try stale(9, rounds: [1, 2, 3]) == [1, 1, 1])
    // Rounds without it: the last one that is old enough.
    #expect(try stale(2, rounds: [1, 2, 6, 7, 9]) == [1, 1, 2, 2, 7])
  }

  @Test func eachClientKeepsItsOwn() throws {
    var attack = try make(StaleUpdate.self)
    var random = SeedPath(root: 1).stream()
    func send(_ round: Int, _ clients: [Int], _ values: [Double]) -> [Float] {
      var rows = matrix(values.map { [$0] })
      let view = AttackerView(
        round: round, global: [], clients: clients.map { ClientID($0) }, participantCount: 5,
        weightShare: 0.2, honest: nil)
      _ = attack.craft(&rows, view, random: &random)
      return rows.values
    }
    #expect(send(0, [1, 2], [10, 20]) == [10, 20])
    #expect(send(1, [2, 3], [21, 31]) == [20, 31])
    #expect(send(2, [1, 3], [12, 32]) == [10, 31])
  }

  @Test func anAttackIsASnapshot() throws {
    var attack = try make(StaleUpdate.self)
    let before = attack
    let view = makeView(1)
    #expect(attack.crafted(matrix([[1]]), view: view).rows.values == [1])
    var rows = matrix([[1]])
    var random = SeedPath(root: 1).stream()
    _ = attack.craft(&rows, view, random: &random)
    #expect(before.crafted(matrix([[7]]), view: view).rows.values == [7])
  }

  @Test func threatModels() throws {
    for model in [
      try make(InfiniteUpdate.self).threatModel, try make(HugeUpdate.self).threatModel,
      try make(StaleUpdate.self).threatModel,
    ] {
      #expect(model.surface == .update && model.knowledge == .ownClients)
    }
    #expect(InfiniteUpdate.tier == .fakeClient && StaleUpdate.tier == .ownKnowledge)
  }
}
