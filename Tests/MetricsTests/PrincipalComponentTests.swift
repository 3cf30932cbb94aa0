import Determinism
import Tensors
import Testing

@testable import Metrics

@Suite struct PrincipalComponentTests {
  private func geometry(_ rows: [[Float]]) -> RowGeometry {
    let (matrix, pool) = (Matrix(rows: rows), WorkPool(width: 1))
    return RowGeometry(
      matrix, RowSample(RoundKinds(malicious: [], honest: Array(rows.indices))),
      equals: EqualRows(matrix, squaredNorms: matrix.norms(pool: pool)), pool: pool)
  }

  /// Rows whose coordinates have the given sizes, without a common direction.
  private func random(rows: Int, sizes: [Float]) -> [[Float]] {
    var stream = SeedPath(root: 7).stream()
    return (0..<rows).map { _ in sizes.map { (Float(stream.unit()) - 0.5) * $0 } }
  }

  @Test func projectionsAgreeWithTheReference() throws {
    for window in try Fixture.load().stealth {
      for round in window.rounds {
        let geometry = geometry(round.rows.floats)
        for limit in [PrincipalComponent.denseLimit, 0] {
          let scores = PrincipalComponent.projections(geometry, denseLimit: limit)
          for (score, expected) in zip(scores, round.scores["principal"] ?? []) {
            #expect(agree(score, expected, within: 1e-6), "\(window.name) \(limit)")
          }
        }
      }
    }
  }

  @Test(arguments: [65, 150, 400])
  func manyRowsAgreeWithPowersOfTheirMatrix(count: Int) {
    // Far more coordinates than directions, the largest well apart.
    let rows = random(rows: count, sizes: [2.2, 2] + [Float](repeating: 1, count: 200))
    let geometry = geometry(rows)
    let krylov = PrincipalComponent.projections(geometry)
    let dense = PrincipalComponent.projections(geometry, denseLimit: count)
    let largest = dense.max() ?? 0
    for (a, b) in zip(krylov, dense) { #expect(abs(a - b) <= 1e-9 * largest) }
  }

  @Test func closeEigenvaluesAreSeparated() {
    // Pairs of rows at ± s along each of 100 axes, s² falling evenly from 1 by 0.005 but first by
    // 4 %, and one more pair across all of them.
    let sizes: [Float] = [1] + (0..<99).map { (0.96 - 0.005 * Float($0)).squareRoot() }
    var rows: [[Float]] = sizes.indices.flatMap { axis in
      [sizes[axis], -sizes[axis]].map { value in
        sizes.indices.map { $0 == axis ? value : 0 }
      }
    }
    rows += [sizes.map { $0 / 8 }, sizes.map { -$0 / 8 }]
    let geometry = geometry(rows)
    let scores = PrincipalComponent.projections(geometry)
    let dense = PrincipalComponent.projections(geometry, denseLimit: rows.count)
    for (a, b) in zip(scores, dense) { #expect(abs(a - b) <= 1e-9) }
  }

  @Test(arguments: [2, 64, 65, 130])
  func rowsOnALineProjectToTheirDistances(count: Int) {
    let rows = (0..<count).map { [Float($0), 2 * Float($0), -2 * Float($0)] }
    let scores = PrincipalComponent.projections(geometry(rows))
    for (index, score) in scores.enumerated() {
      let expected = 3 * abs(Double(index) - Double(count - 1) / 2)
      #expect(agree(score, expected, within: 1e-9))
    }
  }

  @Test(arguments: [3, 64, 65, 200])
  func equalRowsProjectToZero(count: Int) {
    let scores = PrincipalComponent.projections(
      geometry([[Float]](repeating: [0.1, -0.3], count: count)))
    #expect(scores == [Double](repeating: 0, count: count))
  }
}
