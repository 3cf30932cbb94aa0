import Components
import Defenses
import Federation
import Tensors
import Testing

/// The known answers of `Tests/Reference/rules_lasa.py`.
private struct LASACase: Decodable, Sendable {
  struct Expected: Decodable, Sendable {
    var update: [Double]
    var weights: [Double]
    var suspicion: [Double]
    var rejected: [Int]
    var report: [String: Double]
  }

  var name: String
  var arguments: [String: Argument]
  var layers: [Int]
  var matrix: FixtureMatrix
  var expected: Expected
}

@Suite struct LASATests {
  private func run(
    _ rows: [[Double]], layers: [Int] = [], _ given: [String: ArgumentValue] = [:], width: Int = 1
  ) throws -> Aggregation {
    var end = 0
    let segments = layers.map { count in
      end += count
      return ParameterLayout.Segment(
        name: "layer \(end)", role: .weight, shape: [count], range: end - count..<end)
    }
    let entry = try makeCatalog().aggregator("lasa")
    var rule = try entry.make(
      Arguments(given, for: entry.manifest, plan: [:]),
      DefenseSetup(participantCount: rows.count, layout: ParameterLayout(segments)))
    return try rule.aggregate(makeUpdates(rows), in: makeRound(width: width))
  }

  @Test func agreesWithReference() throws {
    let file: FixtureFile<LASACase> = try decodeFixture("lasa.json")
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      let result = try run(
        known.matrix.rows, layers: known.layers, known.arguments.mapValues(\.value))
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

  /// The authors' code shares storage between the rows to look at and those to average: 1 were 0 there.
  @Test func whatIsNotLookedAtIsAveraged() throws {
    let rows = [[4.0, 3, 1], [4, 3, 1]]
    let full = try run(rows, ["sparsity": .real(0.3)])
    #expect(full.update == [4, 3, 1])
    let sparse = try run(rows, ["sparsity": .real(0.3), "average": .text("sparsified")])
    #expect(sparse.update == [4, 3, 0])
  }

  /// Where all norms or all shares are equal, peers divide 0 by 0 and average NaN or nobody.
  @Test func aDeviationOfZeroIsNotANumberElsewhere() throws {
    let result = try run([[1, 2], [1, 2], [2, 1]], layers: [1, 1], ["sparsity": .real(0)])
    // Only the row of another norm is 1.4 deviations from the median, in both layers.
    #expect(result.update == [1, 2])
    #expect(result.verdicts.map(\.disposition) == [.accepted, .accepted, .rejected])
    let zero = try run([[0, 0], [0, 0], [0, 0]])
    #expect(zero.update == [0, 0] && zero.verdicts.allSatisfy { $0.suspicion == 0 })
  }

  /// A row may pass in one layer and fail in another, and every layer is there in the result: a peer
  /// returns fewer values than the model has.
  @Test func layersAreJudgedOneByOne() throws {
    let rows = [[1.0, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, -1]]
    let result = try run(rows, layers: [2, 2], ["sparsity": .real(0)])
    #expect(result.update == [1, 1, 1, 1])
    #expect(result.verdicts.map(\.disposition) == [.accepted, .accepted, .accepted, .downweighted])
    #expect(result.verdicts[3].weight == 0.125)
    #expect(result.report["accepted"] == .number(3.5))
    let bare = try run(rows, ["sparsity": .real(0)])
    #expect(bare.verdicts[3].disposition == .rejected && bare.verdicts[3].weight == 0)
  }

  @Test func whereNobodyPassesAllDo() throws {
    let result = try run(
      [[1, 1], [2, -1]], ["norm-bound": .real(0.5), "sign-bound": .real(0.5)])
    #expect(result.verdicts.allSatisfy { $0.disposition != .rejected })
    #expect(result.report["accepted"] == .number(2))
  }

  @Test func manyColumnsHaveTheSameBitsForAnyNumberOfThreads() throws {
    let rows = makeNormal(rows: 6, columns: 20_001, seed: 4)
    let layers = [9000, 1, 11_000]
    let one = try run(rows, layers: layers)
    let several = try run(rows, layers: layers, [:], width: 3)
    #expect(one.update == several.update && one.verdicts == several.verdicts)
    #expect(one.update.count == 20_001)
  }

  private func run(_ rows: [[Double]], _ given: [String: ArgumentValue]) throws -> Aggregation {
    try run(rows, layers: [], given)
  }
}
