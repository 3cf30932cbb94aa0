import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct XFEDTests {
  @Test(arguments: try KnownCraft.load("xfed.json"))
  func matchesReference(known: KnownCraft) throws {
    try known.check(XFED.self)
  }

  @Test(arguments: try KnownCraft.load("xfed.json"))
  func attackersDoNotCollude(known: KnownCraft) throws {
    // Each sends the same alone as beside others, and whatever honest clients send.
    let attack = try known.attack(XFED.self)
    let all = attack.crafted(known.ownRows, view: known.view()).rows
    for row in 0..<known.attackers {
      let own = Matrix(rows: [known.ownRows.row(row)])
      let alone = attack.crafted(own, view: makeView(1), seed: 9).rows
      #expect(alone.row(0).map(\.bitPattern) == all.row(row).map(\.bitPattern))
    }
  }

  @Test func theWindowForgets() throws {
    var attack = try make(XFED.self, ["window": .integer(2)])
    for (round, place) in [0, 100, 101, 103].enumerated() {
      attack.observe(Broadcast(round: round, global: [Float(place)], isActing: true))
    }
    // Of 1 and 2: the median 1.5 and the deviation 0.5.
    #expect(attack.crafted(matrix([[1]]), view: makeView(1)).record == ["scale": 2])
  }

  @Test func knowledgeIsStated() throws {
    let model = try make(XFED.self).threatModel
    #expect(model.knowledge == .ownClients && model.surface == .update)
    #expect(XFED.tier == .ownKnowledge)
    #expect(throws: ConfigurationError.self) { try make(XFED.self, ["strength": .real(0)]) }
    let none = Matrix<Float>(rowCount: 0, columnCount: 2)
    #expect(try make(XFED.self).crafted(none, view: makeView(0)).record.isEmpty)
  }
}
