import Components
import Defenses
import Federation
import Testing

@Suite struct SMEATests {
  /// The known answers of `Tests/Reference/rules_smea.py`.
  @Test func agreesWithReference() throws { try KnownCase.check("smea.json") }

  @Test func isTheSameEveryTime() throws {
    let updates = makeUpdates(makeNormal(rows: 12, columns: 6, seed: 77))
    let rule = try makeRule("smea", ["f": .integer(3)], rows: 12)
    let first = try run(rule, on: updates)
    for _ in 0..<5 { #expect(try run(rule, on: updates).update == first.update) }
  }

  /// Among more rows than partial sets are looked at; without attackers the rule says the eigenvalue
  /// of what it is given.
  @Test func isExactAmongManyRows() throws {
    let rows = makeNormal(rows: 70, columns: 3, seed: 78)
    let result = try run(makeRule("smea", ["f": .integer(1)], rows: 70), on: makeUpdates(rows))
    let values = try rows.indices.map { left in
      let rest = rows.indices.filter { $0 != left }.map { rows[$0] }
      let whole = try run(makeRule("smea", ["f": .integer(0)], rows: 69), on: makeUpdates(rest))
      guard case .number(let value)? = whole.report["eigenvalue"] else { return Double.infinity }
      return value
    }
    let best = values.indices.reduce(0) { values[$1] < values[$0] ? $1 : $0 }
    #expect(result.report["selected"] == .rows(rows.indices.filter { $0 != best }))
    guard case .number(let found)? = result.report["eigenvalue"] else {
      Issue.record("no eigenvalue")
      return
    }
    #expect(abs(found - values[best]) <= 1e-12 * found)
  }

  @Test func refusalNamesTheNumberOfSubsets() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeRule("smea", ["f": .integer(10)], rows: 50)
    }
    #expect(
      error?.description
        == "smea: searches the subsets of n - f = 40 of 50 submissions, which are 10272278170, "
        + "more than 10000000")
  }
}
