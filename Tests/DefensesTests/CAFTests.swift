import Components
import Defenses
import Federation
import Testing

@Suite struct CAFTests {
  /// The known answers of `Tests/Reference/rules_caf.py`.
  @Test func agreesWithReference() throws { try KnownCase.check("caf.json") }

  /// As its authors write it the filter does not end on these rows: the largest projection belongs
  /// to a row of weight 0.
  @Test func anInputThatWouldHangEnds() throws {
    let values = [
      2.6457, -0.3763, -0.3761, -0.3763, -0.3758, -0.3813, -0.3782, -0.3817, 1.7319, 1.7343,
    ]
    let result = try run(
      makeRule("caf", ["f": .integer(2)], rows: 10), on: makeUpdates(values.map { [$0] }))
    #expect(result.report["guarded"] == .number(1))
    guard case .number(let passes)? = result.report["passes"] else {
      Issue.record("no passes")
      return
    }
    #expect(passes > 10 && passes <= 20)
    #expect(result.update[0] > -0.3818 && result.update[0] < -0.3757)
  }

  @Test func equalRowsAndNoAttackersHaveAnAnswer() throws {
    let equal = try run(
      makeRule("caf", ["f": .integer(2)], rows: 9),
      on: makeUpdates(.init(repeating: [0.1, -3], count: 9)))
    #expect(equal.update == [0.1, -3])
    #expect(equal.verdicts.allSatisfy { $0.disposition == .accepted })
    let rows = makeNormal(rows: 9, columns: 4, seed: 31)
    let none = try run(makeRule("caf", ["f": .integer(0)], rows: 9), on: makeUpdates(rows))
    #expect(none.update == (try run(makeRule("mean", rows: 9), on: makeUpdates(rows))).update)
  }

  @Test func farRowsLoseTheirWeight() throws {
    // Enough rows for the eigenpair to come from a Krylov space.
    var rows = makeNormal(rows: 100, columns: 20, seed: 32)
    for row in 90..<100 { rows[row] = rows[row].map { $0 * 0.1 + 20 } }
    let result = try run(makeRule("caf", ["f": .integer(10)], rows: 100), on: makeUpdates(rows))
    for row in 90..<100 { #expect(result.verdicts[row].weight < 1e-3) }
    #expect(result.update.allSatisfy { abs($0) < 0.6 })
  }
}
