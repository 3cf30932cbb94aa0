import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct NegativeMeanTests {
  private func sent(_ honest: [[Double]], attackers: Int) throws -> Matrix<Float> {
    let own = Matrix<Float>(rowCount: attackers, columnCount: honest[0].count)
    let view = makeView(attackers, honest: HonestUpdates(matrix(honest)))
    return try make(NegativeMean.self).crafted(own, view: view).rows
  }

  @Test func aSmallAnswerByHand() throws {
    let rows = try sent([[1, 2, 3], [4, 5, 6], [7, 8, 9]], attackers: 2)
    #expect(rows.values == [-4, -5, -6, -4, -5, -6])
  }

  @Test func isInnerProductManipulationOfOne() throws {
    let known = try CraftedFixtures.load().ipm
    #expect(known.contains { $0.arguments.epsilon == 1 })
    for known in known {
      let own = Matrix<Float>(rowCount: known.attackers, columnCount: known.honest[0].count)
      let view = makeView(known.attackers, honest: HonestUpdates(matrix(known.honest)))
      let rows = try sent(known.honest, attackers: known.attackers)
      let other = try make(InnerProductManipulation.self, ["epsilon": .real(1)])
      let expected = other.crafted(own, view: view).rows
      #expect(rows.values.map(\.bitPattern) == expected.values.map(\.bitPattern))
      guard known.arguments.epsilon == 1 else { continue }
      for row in 0..<known.attackers { #expect(agree(rows.row(row), known.expected)) }
    }
  }

  /// Peers call this attack sign flipping, which it is not: the attacker's own row has no part in it.
  @Test func theOwnUpdateHasNoPart() throws {
    let view = makeView(1, honest: HonestUpdates(matrix([[1, -2], [3, 0]])))
    let attack = try make(NegativeMean.self)
    #expect(attack.crafted(matrix([[5, 5]]), view: view).rows.values == [-2, 1])
    #expect(try make(SignFlip.self).crafted(matrix([[5, 5]]), view: view).rows.values == [-5, -5])
  }

  @Test func aMeanOfZeroIsSent() throws {
    #expect(try sent([[1, -2], [-1, 2]], attackers: 1).values.allSatisfy { $0 == 0 })
  }

  @Test func withoutHonestRowsNothingChanges() throws {
    let rows = matrix([[1, 2]])
    let none = HonestUpdates(all: rows, rows: [], clients: [])
    for honest in [none, nil] {
      let (sent, record) = try make(NegativeMean.self).crafted(
        rows, view: makeView(1, honest: honest))
      #expect(sent == rows && record.isEmpty)
    }
    let empty = Matrix<Float>(rowCount: 0, columnCount: 2)
    let view = makeView(0, honest: HonestUpdates(rows))
    #expect(try make(NegativeMean.self).crafted(empty, view: view).rows == empty)
  }

  @Test func knowledgeIsStated() throws {
    let model = try make(NegativeMean.self).threatModel
    #expect(model.knowledge == .honestUpdates && model.surface == .update)
    #expect(NegativeMean.tier == .omniscient)
  }
}
