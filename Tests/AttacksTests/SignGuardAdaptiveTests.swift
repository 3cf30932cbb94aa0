import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct SignGuardAdaptiveTests {
  @Test(arguments: try KnownCraft.load("sign-guard-adaptive.json"))
  func matchesReference(known: KnownCraft) throws {
    try known.check(SignGuardAdaptive.self)
  }

  @Test(arguments: try KnownCraft.load("sign-guard-adaptive.json"))
  func signsAndLengthAreHonest(known: KnownCraft) throws {
    let (rows, record) = try known.attack(SignGuardAdaptive.self)
      .crafted(known.ownRows, view: known.view())
    let honest = matrix(known.honest.rows)
    let mean = (0..<honest.columnCount).map { column in
      known.honest.rows.reduce(0) { $0 + $1[column] }
    }
    for row in 0..<rows.rowCount {
      let sent = rows.row(row)
      #expect(sent.count { $0 > 0 } == mean.count { $0 > 0 })
      #expect(sent.count { $0 < 0 } == mean.count { $0 < 0 })
      #expect(abs(rows.norm(ofRow: row) - (record["length"] ?? .nan)) < 1e-5)
      #expect(sent == rows.row(0))
    }
  }

  @Test func anotherStreamGivesAnotherDirection() throws {
    let known = try #require(KnownCraft.load("sign-guard-adaptive.json").first)
    let attack = try known.attack(SignGuardAdaptive.self)
    let first = attack.crafted(known.ownRows, view: known.view(), seed: 1).rows
    #expect(first == attack.crafted(known.ownRows, view: known.view(), seed: 1).rows)
    #expect(first != attack.crafted(known.ownRows, view: known.view(), seed: 2).rows)
  }

  @Test func withoutHonestRowsNothingChanges() throws {
    let attack = try make(SignGuardAdaptive.self)
    let (sent, record) = attack.crafted(matrix([[1, 2]]), view: makeView(1))
    #expect(sent == matrix([[1, 2]]) && record.isEmpty)
    #expect(attack.threatModel.knowledge == .honestUpdates)
    #expect(SignGuardAdaptive.tier == .omniscient)
  }
}
