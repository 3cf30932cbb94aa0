import Components
import Defenses
import Determinism
import Federation
import Testing

@Suite struct RFLBATTests {
  /// The known answers of `Tests/Reference/rules_rflbat.py`.
  ///
  /// In some of them BackFed takes positions among the rows that passed the first filter for rows, and
  /// keeps another cluster.
  @Test func agreesWithReference() throws { try KnownCase.check("rflbat.json") }

  /// Honest rows, and as many again that are almost the same.
  private func rows(_ seed: UInt64, honest: Int, alike: Int, columns: Int) -> [[Double]] {
    let goal = makeNormal(rows: 1, columns: columns, seed: seed + 100)[0].map { 2 * $0 }
    let noise = makeNormal(rows: alike, columns: columns, seed: seed + 200)
    return makeNormal(rows: honest, columns: columns, seed: seed)
      + noise.map { zip(goal, $0).map { Double(Float($0 + 0.125 * $1)) } }
  }

  private func rejected(_ result: Aggregation) -> [Int] {
    result.verdicts.indices.filter { result.verdicts[$0].disposition == .rejected }
  }

  /// BackFed accepted another set for another random state in 24 of 24 inputs.
  @Test func nothingDependsOnTheSeed() throws {
    for seed in 0..<24 as Range<UInt64> {
      let updates = makeUpdates(rows(seed, honest: 9, alike: 4, columns: 12))
      var rule = try makeRule("rflbat", rows: 13)
      let first = try rule.aggregate(updates, in: makeRound())
      for round in 1...3 {
        let again = try rule.aggregate(updates, in: makeRound(round))
        #expect(again.update == first.update && again.verdicts == first.verdicts)
        #expect(again.report == first.report)
      }
    }
  }

  /// Rows that are alike are left out, even if they are more; of two clusters one always is.
  @Test func theClusterThatIsAlikeIsLeftOut() throws {
    let updates = makeUpdates(rows(5, honest: 6, alike: 9, columns: 40))
    let two = try run(makeRule("rflbat", ["clusters": .integer(2)], rows: 15), on: updates)
    #expect(rejected(two) == Array(6..<15))
    #expect(two.report["clusters"] == .number(2))
    #expect(two.verdicts.allSatisfy { ($0.disposition == .rejected) == ($0.suspicion ?? 0 > 1) })
  }

  @Test func everyRowMayBeOneCluster() throws {
    let honest = makeUpdates(makeNormal(rows: 20, columns: 30, seed: 3))
    let result = try run(makeRule("rflbat", rows: 20), on: honest)
    #expect(result.report["clusters"] == .number(1) && rejected(result).isEmpty)
  }

  /// More clusters than rows leave none with two; the lowest row is kept.
  @Test func clustersOfOneRow() throws {
    let updates = makeUpdates([[1, 0], [0, 4], [-3, 2]])
    let result = try run(makeRule("rflbat", ["clusters": .integer(9)], rows: 3), on: updates)
    #expect(rejected(result) == [1, 2])
    #expect(result.update == [1, 0])
  }

  @Test func staysFiniteAtTheEndsOfItsInput() throws {
    let large = Double(Float.greatestFiniteMagnitude)
    let rows = [[large, large], [large, -large], [0, 0], [-large, large], [1e-30, large]]
    let result = try run(makeRule("rflbat", rows: 5), on: makeUpdates(rows))
    #expect(result.update.allSatisfy { $0.isFinite })
    #expect(result.verdicts.allSatisfy { $0.suspicion?.isFinite ?? false })
  }
}
