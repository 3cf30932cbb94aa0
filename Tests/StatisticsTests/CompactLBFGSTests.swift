import Foundation
import Statistics
import Testing

@Suite struct CompactLBFGSTests {
  /// The known answers of `Tests/Reference/lbfgs.py`.
  private struct File: Decodable {
    struct Case: Decodable {
      let name: String
      let steps, changes: [[Double]]
      let vector, product: [Double]
    }
    let cases: [Case]
  }

  private func dot(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func compact(
    _ steps: [[Double]], _ changes: [[Double]], _ vector: [Double]
  ) -> CompactLBFGS? {
    CompactLBFGS(
      stepProducts: steps.flatMap { step in steps.map { dot(step, $0) } },
      mixedProducts: steps.flatMap { step in changes.map { dot(step, $0) } },
      stepParts: steps.map { dot($0, vector) }, changeParts: changes.map { dot($0, vector) })
  }

  private func product(_ steps: [[Double]], _ changes: [[Double]], _ vector: [Double]) -> [Double]?
  {
    guard let compact = compact(steps, changes, vector) else { return nil }
    var result = vector.map { compact.sigma * $0 }
    for (pair, (step, change)) in zip(steps, changes).enumerated() {
      for i in result.indices {
        result[i] -= compact.changes[pair] * change[i] + compact.steps[pair] * step[i]
      }
    }
    return result
  }

  @Test func agreesWithTheRecursion() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/lbfgs.json")
    let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: path))
    for known in file.cases {
      let found = try #require(product(known.steps, known.changes, known.vector))
      let scale = known.product.reduce(0) { max($0, abs($1)) }
      for (value, expected) in zip(found, known.product) {
        #expect(abs(value - expected) <= 1e-9 * scale, "\(known.name)")
      }
    }
  }

  /// B s = y of the newest pair.
  @Test func theSecantEquationHolds() throws {
    let steps: [[Double]] = [[1, 0, 0], [1, 2, 0]]
    let changes: [[Double]] = [[2, 0, 0], [2, 6, 0]]
    let found = try #require(product(steps, changes, steps[1]))
    for (value, expected) in zip(found, changes[1]) { #expect(abs(value - expected) < 1e-12) }
  }

  @Test func aZeroPairIsSingular() {
    #expect(compact([[0, 0], [1, 0]], [[0, 0], [1, 0]], [1, 0]) == nil)
    #expect(compact([[1, 0]], [[0, 0]], [1, 0]) == nil)
    #expect(compact([[1, 0]], [[.infinity, 0]], [1, 0]) == nil)
  }
}
