import Components
import Defenses
import Federation
import Tensors
import Testing

/// The known answers of `Tests/Reference/rules_auror.py`.
private struct AurorCase: Decodable, Sendable {
  struct Expected: Decodable, Sendable {
    var update: [Double]
    var weights: [Double]
    /// Empty in the first rounds.
    var suspicion: [Double]
    var rejected: [Int]
    var indicative: Int
  }

  var name: String
  var arguments: [String: Argument]
  var rounds: [FixtureMatrix]
  var expected: [Expected]
}

@Suite struct AurorTests {
  @Test func agreesWithReference() throws {
    let file: FixtureFile<AurorCase> = try decodeFixture("auror.json")
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      var rule = try makeRule(
        "auror", known.arguments.mapValues(\.value), rows: known.rounds[0].rows.count)
      for (number, (round, expected)) in zip(known.rounds, known.expected).enumerated() {
        let name: Comment = "\(known.name), round \(number)"
        let result = try rule.aggregate(makeUpdates(round.rows), in: makeRound(number))
        #expect(agree(result.update, expected.update), name)
        #expect(
          agree(result.verdicts.map(\.weight), expected.weights, tolerance: 1e-12, scale: 1), name)
        #expect(
          agree(
            result.verdicts.compactMap(\.suspicion), expected.suspicion, tolerance: 1e-12,
            scale: 1), name)
        let rejected = result.verdicts.indices.filter {
          result.verdicts[$0].disposition == .rejected
        }
        #expect(rejected == expected.rejected, name)
        #expect(result.report["indicative"] == .number(Double(expected.indicative)), name)
      }
    }
  }

  @Test func onlyTheOutputLayerIsIndicative() throws {
    let layout = ParameterLayout([
      .init(name: "hidden", role: .weight, shape: [1], range: 0..<1),
      .init(name: "out", role: .outputWeight, shape: [2], range: 1..<3),
    ])
    let entry = try makeCatalog().aggregator("auror")
    var rule = try entry.make(
      Arguments(["rounds": .integer(1), "threshold": .real(1)], for: entry.manifest),
      DefenseSetup(participantCount: 3, layout: layout))
    // By the hidden layer client 0 would go, by the second output client 2 does.
    let updates = makeUpdates([[9, 0, 0], [0, 0.5, 0], [0, 0, 4]])
    _ = try rule.aggregate(updates, in: makeRound(0))
    let result = try rule.aggregate(updates, in: makeRound(1))
    #expect(result.report["indicative"] == .number(1))
    #expect(result.verdicts.map(\.disposition) == [.accepted, .accepted, .rejected])
  }
}
