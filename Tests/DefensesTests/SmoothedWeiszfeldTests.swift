import Components
import Defenses
import Federation
import Testing

@Suite struct SmoothedWeiszfeldTests {
  @Test func agreesWithReference() throws { try KnownRounds.check("rfa.json") }

  @Test func manyStepsReachTheGeometricMedian() throws {
    let updates = makeUpdates(makeNormal(rows: 9, columns: 4, seed: 3))
    let converged = try run(makeRule("geometric-median", rows: 9), on: updates).update
    for start in ["zero", "mean"] {
      let rule = try makeRule(
        "rfa", ["steps": .integer(200), "start": .text(start)], rows: 9)
      let result = try run(rule, on: updates)
      #expect(agree(result.update, converged.map { Double($0) }))
      guard case .number(let moved)? = result.report["last-step"] else { return }
      #expect(moved < 1e-9)
    }
  }

  @Test(arguments: [2e-38, 1e-20, 3e38])
  func smoothingAtTheEndsOfTheNumbersStaysFinite(nu: Double) throws {
    for id in ["rfa", "geometric-median"] {
      let rule = try makeRule(id, ["nu": .real(nu)], rows: 3)
      let result = try run(rule, on: makeUpdates([[0, 0], [1, 1], [0, 0]]))
      #expect(result.update.allSatisfy { $0.isFinite && $0 >= 0 && $0 <= 1 })
      #expect(abs(result.verdicts.map(\.weight).reduce(0, +) - 1) < 1e-12)
    }
  }
}
