import Components
import Defenses
import Federation
import Tensors
import Testing

/// The known answers of `Tests/Reference/rules_foolsgold.py`.
private struct FoolsGoldCase: Decodable, Sendable {
  struct Round: Decodable, Sendable {
    var clients: [Int]
    var matrix: FixtureMatrix
  }
  struct Expected: Decodable, Sendable {
    var update: [Double]
    var weights: [Double]
    var suspicion: [Double]
  }

  var name: String
  var combine: String
  var rounds: [Round]
  var expected: [Expected]
}

@Suite struct FoolsGoldTests {
  @Test func agreesWithReference() throws {
    let file: FixtureFile<FoolsGoldCase> = try decodeFixture("foolsgold.json")
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      var rule = try makeRule("foolsgold", ["combine": .text(known.combine)], rows: 50)
      for (number, (round, expected)) in zip(known.rounds, known.expected).enumerated() {
        let name: Comment = "\(known.name), round \(number)"
        var updates = makeUpdates(round.matrix.rows)
        updates.provenance = round.clients.map { Provenance(ClientID($0)) }
        let result = try rule.aggregate(updates, in: makeRound(number))
        #expect(agree(result.update, expected.update), name)
        #expect(
          agree(result.verdicts.map(\.weight), expected.weights, tolerance: 1e-9, scale: 1), name)
        #expect(
          agree(
            result.verdicts.compactMap(\.suspicion), expected.suspicion, tolerance: 1e-12,
            scale: 1), name)
        for (verdict, weight) in zip(result.verdicts, expected.weights) {
          #expect((verdict.disposition == .rejected) == (weight == 0), name)
        }
      }
    }
  }

  @Test func onlyTheOutputLayerCounts() throws {
    let layout = ParameterLayout([
      .init(name: "hidden", role: .weight, shape: [2], range: 0..<2),
      .init(name: "out", role: .outputWeight, shape: [2], range: 2..<4),
      .init(name: "out-bias", role: .outputBias, shape: [1], range: 4..<5),
    ])
    let entry = try makeCatalog().aggregator("foolsgold")
    let rule = try entry.make(
      Arguments([:], for: entry.manifest), DefenseSetup(participantCount: 3, layout: layout))
    // Alike in the output layer, and nowhere else, are the first two.
    let rows: [[Double]] = [[1, 0, 2, 0, 0], [0, 1, 2, 0, 0], [1, 0, 0, 3, 1]]
    let result = try run(rule, on: makeUpdates(rows))
    #expect(result.verdicts.map(\.weight) == [0, 0, 1])
    #expect(result.update == [1, 0, 0, 3, 1])
  }

  @Test func neverChangesItsInput() throws {
    let updates = makeUpdates(makeNormal(rows: 5, columns: 4, seed: 3))
    let before = updates.values
    var rule = try makeRule("foolsgold", rows: 5)
    for number in 0..<3 { _ = try rule.aggregate(updates, in: makeRound(number)) }
    #expect(updates.values == before)
  }
}
