import Components
import Defenses
import Federation
import Kernels
import Tensors
import Testing

/// The known answers of `Tests/Reference/rules_geometric.py`.
private struct MedianCase: Decodable, Sendable {
  struct Expected: Decodable, Sendable {
    var update: [Double]
    var iterations: Double
    var converged: Bool
    var weights: [Double]
    var objective: Double
    var minimiser: [Double]?
    var away: Double?
  }

  var name: String
  var arguments: [String: Argument]
  var samples: [Double]?
  var matrix: FixtureMatrix
  var expected: Expected
}

@Suite struct GeometricMedianTests {
  private func updates(_ known: MedianCase) -> UpdateMatrix {
    var updates = makeUpdates(known.matrix.rows)
    if let samples = known.samples {
      let total = samples.reduce(0, +)
      updates.weights = samples.map { $0 / total }
    }
    return updates
  }

  @Test func agreesWithReference() throws {
    let file: FixtureFile<MedianCase> = try decodeFixture("geometric-median.json")
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      let updates = updates(known)
      let rule = try makeRule(
        "geometric-median", known.arguments.mapValues(\.value), rows: updates.rowCount)
      let result = try run(rule, on: updates)
      let expected = known.expected
      #expect(agree(result.update, expected.update), "\(known.name)")
      #expect(
        agree(result.verdicts.map(\.weight), expected.weights, tolerance: 1e-6, scale: 1e-30),
        "\(known.name)")
      #expect(result.report["iterations"] == .number(expected.iterations), "\(known.name)")
      #expect(result.report["converged"] == .number(expected.converged ? 1 : 0), "\(known.name)")
      if let minimiser = expected.minimiser, let away = expected.away {
        let scale = minimiser.map(abs).reduce(0, max)
        for (value, best) in zip(result.update, minimiser) {
          #expect(abs(Double(value) - best) <= away + tolerance * scale, "\(known.name)")
        }
      }
    }
  }

  @Test func weightsAreTheLastShares() throws {
    let updates = makeUpdates(makeNormal(rows: 9, columns: 4, seed: 3))
    let result = try run(makeRule("geometric-median", rows: 9), on: updates)
    let shares = result.verdicts.map(\.weight)
    #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
    let average = updates.values.combination(shares, pool: makeRound().pool)
    #expect(average == result.update)
    #expect(result.verdicts.allSatisfy { $0.disposition == .notJudged && $0.suspicion == nil })
  }

  @Test func farRowsHardlyMoveIt() throws {
    let honest = makeNormal(rows: 7, columns: 4, seed: 3)
    let far = honest + .init(repeating: [1e6, 1e6, -1e6, 1e6], count: 3)
    let result = try run(makeRule("geometric-median", rows: 10), on: makeUpdates(far))
    #expect(result.update.allSatisfy { abs($0) < 10 })
  }
}
