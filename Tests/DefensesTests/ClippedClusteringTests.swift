import Components
import Defenses
import Federation
import Testing

/// The known answers of `Tests/Reference/rules_clipped_clustering.py`.
private struct ClusteringCase: Decodable, Sendable {
  struct Expected: Decodable, Sendable {
    var update: [Double]
    var weights: [Double]
    var suspicion: [Double]
    var rejected: [Int]
    var bound: Double
  }

  var name: String
  var rounds: [FixtureMatrix]
  var expected: [Expected]
}

@Suite struct ClippedClusteringTests {
  @Test func agreesWithReference() throws {
    let file: FixtureFile<ClusteringCase> = try decodeFixture("clipped-clustering.json")
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      var rule = try makeRule("clipped-clustering", rows: known.rounds[0].rows.count)
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
        guard case .number(let bound)? = result.report["bound"] else {
          Issue.record("no bound")
          continue
        }
        #expect(abs(bound - expected.bound) <= 1e-12 * expected.bound, name)
      }
    }
  }
}
