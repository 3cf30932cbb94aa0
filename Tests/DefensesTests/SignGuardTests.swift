import Components
import Defenses
import Federation
import Testing

@Suite struct SignGuardTests {
  /// The known answers of `Tests/Reference/rules_signguard.py`.
  @Test func agreesWithReference() throws { try KnownCase.check("sign-guard.json") }

  /// A library that shortens rows before it looks at their length never rejects a long one.
  @Test func longRowsAreRejectedBeforeTheyAreShortened() throws {
    var rows = [[Double]](repeating: [1, 2, 2], count: 6)
    rows[4] = [4, 8, 8]
    rows[5] = [2, 4, 4]
    let result = try run(
      makeRule("sign-guard", ["fraction": .integer(1)], rows: 6), on: makeUpdates(rows))
    #expect(
      result.verdicts.map(\.disposition) == [
        .accepted, .accepted, .accepted, .accepted, .rejected, .downweighted,
      ])
    #expect(agree(result.update, [1, 2, 2]))
    #expect(result.verdicts[4].suspicion == 2)
  }

  @Test func twoMeansRejectSomebodyUnlessAllAreEqual() throws {
    // One sign apart, in turn.
    let rows =
      (0..<8).map { row in (0..<8).map { $0 == row ? -1.0 : 1.0 } } + [[1, 1, 1, 1, 1, 1, 1, 1]]
    func rejected(_ cluster: String) throws -> Int {
      let given: [String: ArgumentValue] = ["fraction": .integer(1), "cluster": .text(cluster)]
      let result = try run(makeRule("sign-guard", given, rows: 9), on: makeUpdates(rows))
      return result.verdicts.count { $0.disposition == .rejected }
    }
    #expect(try rejected("k-means") == 1)
    let equal = [[Double]](repeating: rows[0], count: 4)
    let given: [String: ArgumentValue] = ["cluster": .text("k-means")]
    let result = try run(makeRule("sign-guard", given, rows: 4), on: makeUpdates(equal))
    #expect(result.verdicts.allSatisfy { $0.disposition == .accepted })
  }
}
