import Components
import Defenses
import Federation
import Tensors
import Testing

@Suite struct GradientSplittingTests {
  /// The known answers of `Tests/Reference/rules_gas.py`.
  @Test func agreesWithReference() throws { try KnownCase.check("gas.json") }

  @Test func infeasiblePairsAreRefused() throws {
    let file: GasFile = try decodeFixture("gas.json")
    #expect(!file.infeasible.isEmpty)
    for known in file.infeasible {
      let error = #expect(throws: ConfigurationError.self, "\(known)") {
        _ = try makeRule(known.rule, known.arguments.mapValues(\.value), rows: known.rows)
      }
      #expect(error?.isInfeasibility == true, "\(known)")
      #expect(error?.description.hasPrefix("gas: needs n >= ") == true)
    }
  }

  /// A library whose Bulyan averages distances to the median instead of values has a center near 0,
  /// and keeps who sends that.
  @Test(arguments: ["multi-krum", "bulyan"]) func centerIsMadeOfValues(rule: String) throws {
    var rows = makeNormal(rows: 11, columns: 40, seed: 21).map { $0.map { 3 + 0.5 * $0 } }
    for row in [4, 7] { rows[row] = [Double](repeating: 0, count: 40) }
    for groups in [1, 10, 40] {
      let given: [String: ArgumentValue] = [
        "f": .integer(2), "groups": .integer(groups), "rule": .text(rule),
      ]
      let result = try run(makeRule("gas", given, rows: 11), on: makeUpdates(rows))
      let rejected = result.verdicts.indices.filter {
        result.verdicts[$0].disposition == .rejected
      }
      #expect(rejected == [4, 7])
    }
  }

  @Test func byHand() throws {
    // One coordinate, n = 5, f = 1: two neighbors each. Scores 1 + 4, 1 + 1, 1 + 1, 1 + 4 and 49 + 64,
    // so Multi-Krum averages 0 1 2 3; the distances to 1.5 are 1.5 0.5 0.5 1.5 8.5.
    let result = try run(
      makeRule("gas", ["f": .integer(1)], rows: 5), on: makeUpdates([[0], [1], [2], [3], [10]]))
    #expect(result.update == [1.5])
    #expect(result.verdicts.map(\.suspicion) == [1.5, 0.5, 0.5, 1.5, 8.5])
    #expect(result.verdicts.map(\.weight) == [0.25, 0.25, 0.25, 0.25, 0])
  }

  @Test func groupsAreDealtAnewInEachRound() throws {
    let updates = makeUpdates(makeNormal(rows: 11, columns: 40, seed: 22))
    var rule = try makeRule("gas", ["f": .integer(2), "groups": .integer(8)], rows: 11)
    let scores = try (0..<3).map { number in
      try rule.aggregate(updates, in: makeRound(number)).verdicts.map(\.suspicion)
    }
    #expect(scores[0] != scores[1] && scores[1] != scores[2])
    let again = try rule.aggregate(updates, in: makeRound(0)).verdicts.map(\.suspicion)
    #expect(again == scores[0])
  }
}

private struct GasFile: Decodable, Sendable {
  var infeasible: [InfeasibleCase]
}
