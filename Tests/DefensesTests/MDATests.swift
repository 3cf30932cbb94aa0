import Components
import Defenses
import Federation
import Testing

@Suite struct MDATests {
  /// The known answers of `Tests/Reference/rules_mda.py`.
  @Test func agreesWithReference() throws { try KnownCase.check("mda.json") }

  @Test func isExactWhereSubsetsAreMany() throws {
    // 5,200,300 subsets of 13 rows.
    let line = makeUpdates((0..<25).map { [Double($0 * $0)] })
    let result = try run(makeRule("mda", ["f": .integer(12)], rows: 25), on: line)
    #expect(result.report["selected"] == .rows(Array(0..<13)))
    #expect(result.report["diameter"] == .number(144))
    let reversed = makeUpdates((0..<25).reversed().map { [Double($0 * $0)] })
    let other = try run(makeRule("mda", ["f": .integer(12)], rows: 25), on: reversed)
    #expect(other.report["selected"] == .rows(Array(12..<25)))
  }

  @Test func manyRowsAndFewAttackers() throws {
    var rows = makeNormal(rows: 1000, columns: 3, seed: 4)
    rows[17] = [50, 0, 0]
    rows[801] = [0, -60, 0]
    let result = try run(makeRule("mda", ["f": .integer(2)], rows: 1000), on: makeUpdates(rows))
    #expect(
      result.verdicts.indices.filter { result.verdicts[$0].disposition == .rejected } == [17, 801])
  }

  @Test func refusalNamesTheNumberOfSubsets() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeRule("mda", ["f": .integer(10)], rows: 50)
    }
    #expect(
      error?.description
        == "mda: searches the subsets of n - f = 40 of 50 submissions, which are 10272278170, "
        + "more than 10000000")
    #expect(error?.isInfeasibility == true)
  }
}
