import Components
import Defenses
import Federation
import Testing

@Suite struct DnCTests {
  /// The known answers of `Tests/Reference/rules_dnc.py`.
  @Test func agreesWithReference() throws { try KnownCase.check("dnc.json") }

  @Test func sybilsAreDropped() throws {
    // As many rows as take the way through a Krylov space.
    var rows = makeNormal(rows: 60, columns: 300, seed: 21)
    for row in 3..<15 { rows[row] = rows[row].map { 0.1 * $0 + 1 } }
    let given: [String: ArgumentValue] = ["f": .integer(12), "coordinates": .integer(100)]
    let result = try run(makeRule("dnc", given, rows: 60), on: makeUpdates(rows))
    let rejected = result.verdicts.indices.filter {
      result.verdicts[$0].disposition == .rejected
    }
    #expect(rejected == Array(3..<15))
  }

  @Test func refusalsNameTheNumbers() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeRule("dnc", ["f": .integer(5), "c": .real(2.5)], rows: 10)
    }
    #expect(
      error?.problems == [
        .infeasible(
          component: "dnc", reason: "needs n >= 2f + 1 = 11 submissions for f = 5, got 10"),
        .infeasible(
          component: "dnc",
          reason: "drops c f = 12.5 submissions for c = 2.5, f = 5, and one has to stay, got 10"),
      ])
  }
}
