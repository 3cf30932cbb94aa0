import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct SparseAttackTests {
  @Test(arguments: try KnownCraft.load("sparse.json"))
  func matchesReference(known: KnownCraft) throws {
    try known.check(SparseAttack.self)
  }

  @Test(arguments: try KnownCraft.load("sparse.json"))
  func othersStayWithinZDeviations(known: KnownCraft) throws {
    let (rows, record) = try known.attack(SparseAttack.self)
      .crafted(known.ownRows, view: known.view())
    let honest = known.honest.rows
    let z = try #require(record["z"])
    let beyond = rows.row(0).indices.count { column in
      let values = honest.map { $0[column] }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      return abs(Double(rows.row(0)[column]) - mean) > z * variance.squareRoot() + 1e-5
    }
    #expect(Double(beyond) <= record["sensitive"] ?? 0)
  }

  @Test func sensitiveWeightsStayTheSame() throws {
    var attack = try make(
      SparseAttack.self, ["keep": .real(0.4), "scale": .real(100), "z": .real(0)])
    func far(_ honest: [[Double]], _ global: [Float]) -> [Int] {
      var rows = matrix([[0, 0, 0, 0, 0]])
      var random = SeedPath(root: 1).stream()
      let view = AttackerView(
        round: 0, global: global, clients: [ClientID(9)], participantCount: 3, weightShare: 0.3,
        honest: HonestUpdates(matrix(honest)))
      #expect(attack.craft(&rows, view, random: &random) == ["z": 0, "sensitive": 2])
      return rows.row(0).indices.filter { abs(rows.row(0)[$0]) > 50 }
    }
    let honest: [[Double]] = [[0, 1, 2, 3, 4], [2, 3, 4, 5, 6]]
    #expect(far(honest, [9, 0, 8, 0, 0]) == [0, 2])
    // Another model, other updates: the choice was made.
    #expect(far(honest.map { $0.reversed() }, [0, 0, 0, 5, 5]) == [0, 2])
  }

  @Test func withoutHonestRowsNothingChanges() throws {
    let attack = try make(SparseAttack.self)
    let (sent, record) = attack.crafted(matrix([[1, 2]]), view: makeView(1))
    #expect(sent == matrix([[1, 2]]) && record.isEmpty)
    #expect(attack.threatModel.knowledge == .honestUpdates && SparseAttack.tier == .omniscient)
    for given in [["keep": 1.5], ["scale": -1], ["z": -1]] {
      #expect(throws: ConfigurationError.self) {
        try make(SparseAttack.self, given.mapValues { ArgumentValue.real($0) })
      }
    }
  }
}
