import Components
import Defenses
import Determinism
import Federation
import Tensors
import Testing

/// The known answers of `Tests/Reference/rules_flame.py`.
private struct FLAMECase: Decodable, Sendable {
  var name: String
  var arguments: [String: Argument]
  var matrix: FixtureMatrix
  var global: [Double]
  var expected: KnownRound
  /// The rows that common code accepts, where it accepts others.
  var common: [Int]?

  func run() throws -> Aggregation {
    var rule = try makeRule(
      "flame", arguments.mapValues(\.value), rows: max(1, matrix.rows.count))
    return try rule.aggregate(
      makeUpdates(matrix.rows), in: makeRound(global: global.map { Float($0) }))
  }
}

private func accepted(_ result: Aggregation) -> [Int] {
  result.verdicts.indices.filter { result.verdicts[$0].disposition != .rejected }
}

@Suite struct FLAMETests {
  private let cases: [FLAMECase]

  init() throws {
    let file: FixtureFile<FLAMECase> = try decodeFixture("flame.json")
    cases = file.cases
  }

  @Test func agreesWithReference() throws {
    #expect(!cases.isEmpty)
    for known in cases { known.expected.check(try known.run(), known.name) }
  }

  /// Common code takes the table of distances for points; the outcome is another one.
  @Test func theTableOfDistancesIsNotATableOfPoints() throws {
    let other = cases.filter { $0.common != nil }
    #expect(!other.isEmpty)
    for known in other {
      let result = try known.run()
      #expect(accepted(result) != known.common)
    }
  }

  /// Common code takes the median of the accepted lengths: here 2 and not 4.
  @Test func theBoundIsTheMedianOfAllRows() throws {
    let rows: [[Double]] = [[1, 0], [2, 0], [4, 0], [0, 5], [-6, 0]]
    let result = try run(makeRule("flame", ["sigma": .integer(0)], rows: 5), on: makeUpdates(rows))
    #expect(accepted(result) == [0, 1, 2])
    #expect(result.report["bound"] == .number(4))
    #expect(agree(result.update, [7.0 / 3, 0]))
  }

  /// Opposite updates of a large model are models of almost the same direction.
  @Test func modelsAreClusteredAndNotUpdates() throws {
    let rows: [[Double]] = [[1, 0], [-1, 0], [2, 0], [1, 6], [-2, -7]]
    func kept(_ global: [Float]) throws -> [Int] {
      var rule = try makeRule("flame", rows: 5)
      return accepted(try rule.aggregate(makeUpdates(rows), in: makeRound(global: global)))
    }
    #expect(try kept([100, 0]) == [0, 1, 2])
    #expect(try kept([]) == [0, 2, 3])
  }

  /// Half of the rows and one more is the least that is accepted, even if all are far apart.
  @Test func neverIsNobodyAccepted() throws {
    for n in 1...12 {
      // Every pair of directions is at a right angle.
      let rows = (0..<n).map { row in (0..<n).map { $0 == row ? 1.0 : 0.0 } }
      let equal = try run(makeRule("flame", rows: n), on: makeUpdates(rows))
      #expect(accepted(equal).count == n)
      let other = makeNormal(rows: n, columns: 3, seed: UInt64(n))
      let result = try run(makeRule("flame", rows: n), on: makeUpdates(other))
      #expect(accepted(result).count > n / 2)
    }
  }

  @Test func noiseIsNormalAndFollowsTheBound() throws {
    let d = 100_000
    var row = [Float](repeating: 0, count: d)
    row[0] = 3
    let updates = UpdateMatrix(Matrix(rowCount: 1, columnCount: d, values: row))
    let result = try run(makeRule("flame", ["sigma": .real(0.5)], rows: 1), on: updates)
    let noise = result.update.dropFirst().map { Double($0) }
    let mean = noise.reduce(0, +) / Double(d)
    let variance = noise.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(d)
    // Five standard errors around 0 and (0.5 · 3)².
    #expect(abs(mean) < 5 * 1.5 / 316)
    #expect(abs(variance - 2.25) < 5 * 2.25 * 0.00447)
    var rule = try makeRule("flame", ["sigma": .real(0.5)], rows: 1)
    let again = try rule.aggregate(updates, in: makeRound())
    let later = try rule.aggregate(updates, in: makeRound(1))
    #expect(again.update == result.update && later.update != result.update)
  }

  @Test func staysFiniteAtTheEndsOfItsInput() throws {
    let large = Double(Float.greatestFiniteMagnitude)
    let rows = [[large, large], [large, -large], [0, 0], [-large, large], [1e-30, large]]
    for global in [[], [1, 1], [Float(large), Float(-large)]] as [[Float]] {
      var rule = try makeRule("flame", ["sigma": .integer(3)], rows: 5)
      let result = try rule.aggregate(makeUpdates(rows), in: makeRound(global: global))
      #expect(result.update.allSatisfy { $0.isFinite })
      #expect(result.verdicts.allSatisfy { $0.suspicion?.isFinite ?? false })
    }
  }
}
