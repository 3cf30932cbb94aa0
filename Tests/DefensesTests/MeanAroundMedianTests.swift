import Components
import Defenses
import Federation
import Testing

/// The known answers of `Tests/Reference/rules_around_median.py`.
private struct AroundMedianCase: Decodable, Sendable {
  struct Expected: Decodable, Sendable {
    var update: [Double]
    var shares: [Double]
  }

  var name: String
  var arguments: [String: Argument]
  var matrix: FixtureMatrix
  var expected: Expected
}

private struct AroundMedianFile: Decodable, Sendable {
  var cases: [AroundMedianCase]
  var infeasible: [InfeasibleCase]
}

@Suite struct MeanAroundMedianTests {
  @Test func agreesWithReference() throws {
    let file: AroundMedianFile = try decodeFixture("meamed.json")
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      let rows = known.matrix.rows
      let rule = try makeRule(
        "meamed", known.arguments.mapValues(\.value), rows: rows.count)
      let result = try run(rule, on: makeUpdates(rows))
      #expect(agree(result.update, known.expected.update), "\(known.name)")
      // Shares are counts of kept values, never rounded to single precision.
      #expect(
        agree(
          result.verdicts.map(\.weight), known.expected.shares, tolerance: 1e-12, scale: 1e-3),
        "\(known.name)")
      #expect(result.verdicts.allSatisfy { $0.disposition == .notJudged && $0.suspicion == nil })
    }
  }

  @Test func infeasiblePairsAreRefused() throws {
    let file: AroundMedianFile = try decodeFixture("meamed.json")
    #expect(!file.infeasible.isEmpty)
    for known in file.infeasible {
      let error = #expect(throws: ConfigurationError.self, "\(known)") {
        _ = try makeRule(known.rule, known.arguments.mapValues(\.value), rows: known.rows)
      }
      #expect(error?.isInfeasibility == true, "\(known)")
    }
  }

  @Test func infeasibilityNamesTheNumbers() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeRule("meamed", ["f": .integer(2)], rows: 4)
    }
    #expect(
      error?.description
        == "meamed: needs n >= 2f + 1 = 5 submissions for f = 2, got 4")
  }

  @Test func lowerOfTwoEquallyNearIsKept() throws {
    // By hand: the median is 2; 1 and 3 are equally near, 1 stays with 2.
    let rule = try makeRule("meamed", ["f": .integer(1)], rows: 3)
    let result = try run(rule, on: makeUpdates([[3], [1], [2]]))
    #expect(result.update == [1.5])
    #expect(result.verdicts.map(\.weight) == [0, 0.5, 0.5])
  }

  @Test func fewerRowsLeaveOutFewer() throws {
    let rule = try makeRule("meamed", ["f": .integer(2)], rows: 5)
    // Of three rows one is left out: 9 is farther from 2 than 0.
    #expect(try run(rule, on: makeUpdates([[0], [2], [9]])).update == [1])
    #expect(try run(rule, on: makeUpdates([[7]])).update == [7])
  }
}
