import Components
import Defenses
import Federation
import Tensors
import Testing

@Suite struct MoNNATests {
  /// The known answers of `Tests/Reference/rules_monna.py`.
  @Test func agreesWithReference() throws { try KnownCase.check("monna.json") }

  @Test func trustedClientIsFoundByItsNumber() throws {
    var updates = makeUpdates([[0], [1], [10], [11]])
    updates.provenance = [2, 3, 5, 7].map { Provenance(ClientID($0)) }
    let entry = try makeCatalog().aggregator("monna")
    func answer(_ trusted: Int) throws -> Aggregation {
      let given: [String: ArgumentValue] = ["f": .integer(1), "trusted": .integer(trusted)]
      let rule = try entry.make(
        Arguments(given, for: entry.manifest),
        DefenseSetup(participantCount: 4, clientCount: 8))
      return try run(rule, on: updates)
    }
    #expect(try answer(3).report["selected"] == .rows([0, 1, 2]))
    #expect(try answer(7).report["selected"] == .rows([1, 2, 3]))
    // Client 4 sent nothing.
    let missing = try answer(4)
    #expect(missing.update == [0] && missing.report["selected"] == .rows([]))
    #expect(missing.verdicts.allSatisfy { $0 == Verdict(.rejected, weight: 0) })
  }

  @Test func refusesUnknownClientsAndTooManyAttackers() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeRule("monna", ["f": .integer(2), "trusted": .integer(4)], rows: 4)
    }
    #expect(
      error?.problems == [
        .infeasible(
          component: "monna", reason: "needs n >= 2f + 1 = 5 submissions for f = 2, got 4"),
        .invalid(
          component: "monna",
          reason: "trusted = 4 is no client: they are numbered from 0 to 3"),
      ])
  }
}
