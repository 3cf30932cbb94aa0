import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct InnerProductManipulationTests {
  private func crafted(
    _ epsilon: Double, honest: [[Double]], attackers: Int
  ) throws -> (rows: Matrix<Float>, record: [String: Double]) {
    let attack = try make(InnerProductManipulation.self, ["epsilon": .real(epsilon)])
    let own = Matrix<Float>(rowCount: attackers, columnCount: honest[0].count)
    return attack.crafted(
      own, view: makeView(attackers, honest: HonestUpdates(matrix(honest))))
  }

  @Test(arguments: try CraftedFixtures.load().ipm)
  func matchesReference(known: CraftedFixtures.IPM) throws {
    let epsilon = known.arguments.epsilon
    let (rows, record) = try crafted(epsilon, honest: known.honest, attackers: known.attackers)
    #expect(rows.rowCount == known.attackers)
    for row in 0..<rows.rowCount { #expect(agree(rows.row(row), known.expected), "\(known.name)") }
    #expect(record == ["epsilon": epsilon])
  }

  @Test func onlyHonestRowsCount() throws {
    let all = matrix([[1, 2], [100, 100], [3, 4]])
    let honest = HonestUpdates(all: all, rows: [0, 2], clients: [ClientID(0), ClientID(2)])
    let attack = try make(InnerProductManipulation.self, ["epsilon": .real(2)])
    let sent = attack.crafted(matrix([[0, 0]]), view: makeView(1, honest: honest)).rows
    #expect(sent.values == [-4, -6])
  }

  @Test func withoutHonestRowsNothingChanges() throws {
    let attack = try make(InnerProductManipulation.self)
    let rows = matrix([[1, 2]])
    let none = HonestUpdates(all: rows, rows: [], clients: [])
    for honest in [none, nil] {
      let (sent, record) = attack.crafted(rows, view: makeView(1, honest: honest))
      #expect(sent == rows && record.isEmpty)
    }
  }

  @Test(arguments: [0.1, 0.5, 1, 2, 3.9, 4.1, 10, 100])
  func theMeanIsReversedWhereEpsilonFExceedsH(epsilon: Double) throws {
    var random = SeedPath(root: 8).stream()
    let honest = (0..<8).map { _ in (0..<5).map { _ in Double(Float(random.normal() + 0.3)) } }
    let rows = try crafted(epsilon, honest: honest, attackers: 2).rows
    let mean = matrix(honest).mean(pool: WorkPool(width: 1))
    // Attackers point against the mean; together with 8 honest rows the average does so from 4 on.
    #expect(Float.dot(rows.row(0).span, mean.span) < 0)
    let all = Matrix(rows: (0..<8).map { matrix(honest).row($0) } + [rows.row(0), rows.row(1)])
    let average = all.mean(pool: WorkPool(width: 1))
    #expect((Float.dot(average.span, mean.span) < 0) == (epsilon * 2 > 8))
  }

  @Test func knowledgeIsStated() throws {
    let model = try make(InnerProductManipulation.self).threatModel
    #expect(model.knowledge == .honestUpdates && model.surface == .update)
    #expect(InnerProductManipulation.tier == .omniscient)
    #expect(throws: ConfigurationError.self) {
      try make(InnerProductManipulation.self, ["epsilon": .real(-1)])
    }
  }
}
