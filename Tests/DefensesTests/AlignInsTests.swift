import Components
import Defenses
import Federation
import Testing

/// The known answers of `Tests/Reference/rules_alignins.py`.
private struct AlignInsCase: Decodable, Sendable {
  struct Expected: Decodable, Sendable {
    var update: [Double]
    var weights: [Double]
    var suspicion: [Double]
    var rejected: [Int]
    var report: [String: Double]
  }

  var name: String
  var arguments: [String: Argument]
  var matrix: FixtureMatrix
  var global: FixtureMatrix
  var expected: Expected
}

@Suite struct AlignInsTests {
  private func run(
    _ rows: [[Double]], global: [Double] = [], _ given: [String: ArgumentValue] = [:]
  ) throws -> Aggregation {
    var rule = try makeRule("align-ins", given, rows: rows.count)
    return try rule.aggregate(
      makeUpdates(rows), in: makeRound(global: global.map { Float($0) }))
  }

  @Test func agreesWithReference() throws {
    let file: FixtureFile<AlignInsCase> = try decodeFixture("align-ins.json")
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      let result = try run(
        known.matrix.rows, global: known.global.rows.first ?? [],
        known.arguments.mapValues(\.value))
      let (expected, name): (_, Comment) = (known.expected, "\(known.name)")
      #expect(agree(result.update, expected.update), name)
      #expect(
        agree(result.verdicts.map(\.weight), expected.weights, tolerance: 1e-9, scale: 1), name)
      #expect(
        agree(
          result.verdicts.compactMap(\.suspicion), expected.suspicion, tolerance: 1e-6, scale: 1),
        name)
      let rejected = result.verdicts.indices.filter {
        result.verdicts[$0].disposition == .rejected
      }
      #expect(rejected == expected.rejected, name)
      for (key, value) in expected.report {
        guard case .number(let found)? = result.report[key] else {
          Issue.record("\(name) reports no \(key)")
          continue
        }
        #expect(abs(found - value) <= 1e-9 * abs(value), name)
      }
    }
  }

  /// The authors' code clips to the lower of the two middle norms, 1 here: the update were 1.
  @Test func clipsToTheMeanOfTwoMiddleNorms() throws {
    let result = try run([[1], [3]])
    #expect(result.report["bound"] == .number(2))
    #expect(result.update == [1.5])
    #expect(result.verdicts.map(\.disposition) == [.accepted, .downweighted])
  }

  /// The authors' code takes the median of those that pass, and so does this: not that of all.
  @Test func theBoundIsOfTheRowsThatPass() throws {
    // The cosines are 1, 1, 1 and −1, of which the last is 1.73 deviations away.
    let result = try run([[1], [2], [3], [-100]], global: [1])
    #expect(result.report == ["accepted": .number(3), "bound": .number(2)])
    #expect(agree(result.update, [5.0 / 3]))
  }

  /// Equal numbers have no deviation, and a zero row no direction: 0 / 0 in the authors' code.
  @Test func equalNumbersAndZeroRowsPass() throws {
    let equal = try run([[1, 2], [1, 2], [1, 2]], global: [1, 1])
    #expect(equal.update == [1, 2])
    #expect(equal.verdicts.allSatisfy { $0 == Verdict(.accepted, weight: 1.0 / 3, suspicion: 0) })
    let zero = try run([[0, 0], [0, 0]], global: [1, 1])
    #expect(zero.update == [0, 0] && zero.verdicts.allSatisfy { $0.disposition == .accepted })
  }

  /// A score of 1, which each of two rows has, is not above a λ of 1.
  @Test func ofTwoRowsBothPass() throws {
    for seed in 1...50 as ClosedRange<UInt64> {
      let rows = makeNormal(rows: 3, columns: 10, seed: seed)
      let result = try run([rows[0], rows[1]], global: rows[2])
      #expect(result.report["accepted"] == .number(2))
    }
  }

  @Test func oneLambdaStandsForBoth() throws {
    let rows = makeNormal(rows: 9, columns: 12, seed: 4)
    let global = makeNormal(rows: 1, columns: 12, seed: 5)[0]
    let both = try run(rows, global: global, ["lambda": .real(0.6)])
    let each = try run(
      rows, global: global, ["lambda-c": .real(0.6), "lambda-s": .real(0.6), "lambda": .real(9)])
    #expect(both.update == each.update && both.verdicts == each.verdicts)
    #expect(try run(rows, global: global).verdicts != both.verdicts)
  }

  @Test func nobodyPassingIsAZeroUpdate() throws {
    let result = try run([[1, 2], [3, -1]], global: [1, 1], ["lambda-c": .real(0.5)])
    #expect(result.update == [0, 0])
    #expect(result.verdicts.allSatisfy { $0.disposition == .rejected && $0.weight == 0 })
    #expect(result.report == ["accepted": .number(0), "bound": .number(0)])
  }

  /// Where more than half of the values are equal, the robust deviation is 0, and all others fail.
  @Test func aRobustDeviationOfZeroKeepsTheMedian() throws {
    let rows = [[1.0, 1], [2, 2], [3, 3], [1, -1]]
    let given: [String: ArgumentValue] = ["deviation": .text("median"), "sparsity": .real(1)]
    let result = try run(rows, given)
    #expect(result.verdicts.map(\.suspicion) == [0, 0, 0, 1e9])
    #expect(result.verdicts[3].disposition == .rejected)
  }

  private func run(_ rows: [[Double]], _ given: [String: ArgumentValue]) throws -> Aggregation {
    try run(rows, global: [], given)
  }
}
