import Components
import Defenses
import Federation
import Tensors
import Testing

@Suite struct KrumTests {
  @Test func tiesGoToTheLowestRows() throws {
    let updates = makeUpdates(.init(repeating: [1, 1], count: 5))
    let rule = try makeRule("krum", ["f": .integer(1)], rows: 5)
    #expect(try run(rule, on: updates).report["selected"] == .rows([0]))
    let several = try makeRule("multi-krum", ["f": .integer(1), "m": .integer(2)], rows: 5)
    #expect(try run(several, on: updates).report["selected"] == .rows([0, 1]))
  }

  @Test func fewerRowsThanAnnouncedStillWork() throws {
    let rule = try makeRule("krum", ["f": .integer(2)], rows: 7)
    let several = try makeRule("multi-krum", ["f": .integer(2), "m": .integer(6)], rows: 7)
    for count in 1...6 {
      let rows = makeNormal(rows: count, columns: 3, seed: UInt64(count))
      let updates = makeUpdates(rows)
      let one = try run(rule, on: updates)
      #expect(one.verdicts.count { $0.disposition == .accepted } == 1)
      #expect(try run(several, on: updates).verdicts.allSatisfy { $0.disposition == .accepted })
    }
  }

  @Test func largestDistancesAreFinite() throws {
    var rows = makeNormal(rows: 7, columns: 2, seed: 1)
    rows[0] = [3e38, -3e38]
    rows[6] = [-3e38, 3e38]
    let rule = try makeRule("krum", ["f": .integer(1), "power": .integer(4)], rows: 7)
    let result = try run(rule, on: makeUpdates(rows))
    #expect(result.verdicts.allSatisfy { $0.suspicion?.isFinite == true })
    #expect(result.verdicts[0].disposition == .rejected)
    #expect(result.verdicts[6].disposition == .rejected)
  }

  @Test func scoreIsReported() throws {
    let rule = try makeRule("krum", ["f": .integer(0)], rows: 3)
    // One neighbor: 1 for rows 0 and 1, 64 for row 2.
    let result = try run(rule, on: makeUpdates([[0], [1], [9]]))
    #expect(result.report["score"] == .number(1))
    #expect(result.verdicts.map(\.suspicion) == [1, 1, 64])
    #expect(result.update == [0])
  }

  @Test(arguments: ["krum", "multi-krum"]) func neverDeclaresRowsMalicious(id: String) {
    let entry = builtInAggregators.first { $0.manifest.id.rawValue == id }
    #expect(entry?.traits.contains(.declaresMalicious) == false)
  }
}
