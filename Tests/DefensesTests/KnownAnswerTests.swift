import Components
import Defenses
import Federation
import Testing

/// The known answers of `Tests/Reference/rules.py`.
private struct RuleCase: Decodable, Sendable {
  struct Expected: Decodable, Sendable {
    var update: [Double]
    var weights: [Double]?
    var scores: [Double]?
    var selected: [Int]?
    var norms: [Double]?
    var bound: Double?
  }

  var name: String
  var rule: String
  var arguments: [String: Argument]
  var matrix: [[Double]]
  var expected: Expected
}

@Suite struct KnownAnswerTests {
  private func check(_ known: RuleCase) throws {
    let rule = try makeRule(
      known.rule, known.arguments.mapValues(\.value), rows: known.matrix.count)
    let result = try run(rule, on: makeUpdates(known.matrix))
    let expected = known.expected
    #expect(agree(result.update, expected.update), "\(known.name)")
    #expect(result.verdicts.count == known.matrix.count)
    // Weights and norms are never rounded to single precision; distances are summed in it.
    if let weights = expected.weights {
      #expect(
        agree(result.verdicts.map(\.weight), weights, tolerance: 1e-12, scale: 1e-30),
        "\(known.name)")
    }
    if let suspicion = expected.scores ?? expected.norms {
      let tolerance = expected.scores == nil ? 1e-12 : 1e-6
      #expect(
        agree(result.verdicts.compactMap(\.suspicion), suspicion, tolerance: tolerance),
        "\(known.name)")
    }
    if let selected = expected.selected {
      #expect(result.report["selected"] == .rows(selected), "\(known.name)")
      for (row, verdict) in result.verdicts.enumerated() {
        #expect(verdict.disposition == (selected.contains(row) ? .accepted : .rejected))
      }
    }
    if let bound = expected.bound, case .number(let got)? = result.report["bound"] {
      #expect(abs(got - bound) <= 1e-12 * bound, "\(known.name)")
    } else {
      #expect(expected.bound == nil, "\(known.name) reports no bound")
    }
  }

  @Test func agreesWithReference() throws {
    let cases: [RuleCase] = try decodeFixture("rules.json")
    #expect(!cases.isEmpty)
    for known in cases { try check(known) }
  }

  @Test(arguments: ["rules-infeasible.json", "bulyan.json", "mda.json", "smea.json"])
  func infeasiblePairsAreRefused(file: String) throws {
    let cases: [InfeasibleCase] =
      file == "rules-infeasible.json"
      ? try decodeFixture(file) : try InfeasiblePairs.load(file)
    #expect(!cases.isEmpty)
    for known in cases {
      let error = #expect(throws: ConfigurationError.self, "\(known)") {
        _ = try makeRule(known.rule, known.arguments.mapValues(\.value), rows: known.rows)
      }
      // m = 0 is no legal value at all; everything else depends on the number of rows.
      #expect(error?.isInfeasibility == (known.reason != "m < 1"), "\(known)")
    }
  }

  @Test func infeasibilityNamesTheNumbers() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeRule("krum", ["f": .integer(4)], rows: 9)
    }
    #expect(
      error?.description == "krum: needs n >= 2f + 3 = 11 submissions for f = 4, got 9")
  }
}

private struct InfeasiblePairs: Decodable {
  var infeasible: [InfeasibleCase]

  static func load(_ name: String) throws -> [InfeasibleCase] {
    (try decodeFixture(name) as Self).infeasible
  }
}
