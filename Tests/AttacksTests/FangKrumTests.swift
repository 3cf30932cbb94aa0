import Attacks
import Components
import Defenses
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct FangKrumTests {
  @Test(arguments: try CraftCase.load("fang-krum.json"))
  func matchesReference(known: CraftCase) throws { try known.check() }

  /// With full knowledge the rule itself picks a forged row.
  @Test func krumPicksTheRow() throws {
    var picked = 0
    for known in try CraftCase.load("fang-krum.json") where known.own == nil {
      let (rows, record) = try known.crafted()
      let (h, f) = (known.honest.rows.count, known.attackers)
      guard record["copies"] == Double(f), h >= f + 3 else { continue }
      picked += 1
      var all = known.honestRows
      all.resize(rowCount: h + f)
      for row in 0..<f { all.setRow(h + row, toRow: row, of: rows) }
      let entry = try builtInAggregators.entry(ComponentID("krum"), kind: "defense")
      let arguments = try Arguments(["f": .integer(f)], for: entry.manifest)
      let krum = try entry.make(arguments, DefenseSetup(participantCount: h + f))
      var defense = DefensePipeline(rule: krum)
      var updates = UpdateMatrix(all)
      let round = RoundContext(
        round: 0, global: [], seed: SeedPath(root: 2), pool: WorkPool(width: 1))
      #expect(try defense.aggregate(&updates, in: round).update == rows.row(0), "\(known.name)")
      // Against where the honest clients go.
      let mean = known.honestRows.mean(pool: WorkPool(width: 1))
      #expect(Float.dot(rows.row(0).span, mean.span) < 0)
    }
    #expect(picked >= 3)
  }

  @Test func allAttackersSendTheSameSigns() throws {
    let known = try #require(CraftCase.load("fang-krum.json").first { $0.attackers == 3 })
    let (rows, record) = try known.crafted()
    let lambda = Float(try #require(record["lambda"]))
    #expect(lambda > 0)
    #expect(rows.values.allSatisfy { abs($0) == lambda })
    #expect(rows.row(0) == rows.row(1) && rows.row(1) == rows.row(2))
  }

  @Test func aMeanOfZeroIsSentAsZero() throws {
    let honest = matrix([[1, 1], [1, -1], [2, 1], [2, -1]])
    let view = makeView(2, honest: HonestUpdates(honest))
    let (rows, record) = try make(FangKrum.self).crafted(matrix([[7, 7], [7, 7]]), view: view)
    #expect(record["copies"] == 2 && rows.row(0)[1] == 0 && rows.row(0)[0] < 0)
  }

  @Test func whereNothingIsPickedRowsStay() throws {
    let honest = HonestUpdates(matrix([[1, 2], [1, 2], [1, 2], [1, 2], [1, 2]]))
    let rows = matrix([[7, 8]])
    let (sent, record) = try make(FangKrum.self).crafted(rows, view: makeView(1, honest: honest))
    #expect(sent == rows && record == ["lambda": 0, "copies": 0])
  }

  @Test func withoutKnownUpdatesNothingChanges() throws {
    let rows = matrix([[1, 2]])
    let none = HonestUpdates(all: rows, rows: [], clients: [])
    for honest in [none, nil] {
      let (sent, record) = try make(FangKrum.self).crafted(rows, view: makeView(1, honest: honest))
      #expect(sent == rows && record.isEmpty)
    }
  }

  @Test func knowledgeIsStated() throws {
    #expect(try make(FangKrum.self).threatModel.knowledge == .honestUpdates)
    let partial = try make(FangKrum.self, ["knowledge": .text("partial")]).threatModel
    #expect(partial.knowledge == .ownClients && partial.surface == .update)
    #expect(throws: ConfigurationError.self) { try make(FangKrum.self, ["least": .real(0)]) }
  }
}
