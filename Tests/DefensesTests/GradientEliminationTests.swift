import Components
import Defenses
import Federation
import Testing

@Suite struct GradientEliminationTests {
  @Test func agreesWithReference() throws { try KnownRounds.check("cge.json") }

  @Test func infeasibilityNamesTheNumbers() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeRule("cge", ["f": .integer(2)], rows: 4)
    }
    #expect(
      error?.description == "cge: needs n >= 2f + 1 = 5 submissions for f = 2, got 4")
  }

  @Test func fewerRowsLeaveOutFewer() throws {
    let rule = try makeRule("cge", ["f": .integer(2)], rows: 5)
    #expect(try run(rule, on: makeUpdates([[9], [2], [1]])).update == [1.5])
    #expect(try run(rule, on: makeUpdates([[7], [-7]])).update == [0])
    #expect(try run(rule, on: makeUpdates([[7]])).update == [7])
  }

  @Test func noneDeclaredIsThePlainAverage() throws {
    let updates = makeUpdates(makeNormal(rows: 6, columns: 9, seed: 4))
    let result = try run(makeRule("cge", ["f": .integer(0)], rows: 6), on: updates)
    let mean = try run(makeRule("mean", rows: 6), on: updates).update
    #expect(agree(result.update, mean.map { Double($0) }))
    #expect(result.verdicts.allSatisfy { $0.disposition == .accepted })
  }
}
