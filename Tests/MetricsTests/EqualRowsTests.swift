import Determinism
import Kernels
import Simulation
import Tensors
import Testing

@testable import Metrics

@Suite struct EqualRowsTests {
  private let pool = WorkPool(width: 2)

  /// Rows of which some are equal.
  private func rows(_ columns: Int) -> [[Float]] {
    var random = SeedPath(root: 5).stream()
    let different = (0..<4).map { _ in (0..<columns).map { _ in Float(random.unit()) - 0.5 } }
    return [0, 1, 0, 2, 0, 3, 1].map { different[$0] }
  }

  @Test func rowsAreCountedByTheFirstOfTheirKind() {
    let matrix = Matrix(rows: rows(3))
    let equals = EqualRows(matrix, squaredNorms: matrix.norms(pool: pool))
    let (distinct, places) = equals.distinct([1, 2, 4, 5, 6])
    #expect(distinct == [1, 2, 5] && places == [0, 1, 1, 2, 0])
    #expect(equals.distinct([]).rows.isEmpty)
    var asked: [[Int]] = []
    let values = equals.spread([6, 0, 4, 1]) {
      asked.append($0)
      return $0.map { Double($0) }
    }
    #expect(asked == [[6, 0]] && values == [6, 0, 0, 6])
  }

  @Test(arguments: [1, 17, 1025, 9000], [7, 5])
  func distancesOfEqualRowsAreThoseOfEachAlone(columns: Int, limit: Int) {
    let rows = rows(columns)
    let matrix = Matrix(rows: rows)
    let kinds = RoundKinds(malicious: [0, 2, 4], honest: [1, 3, 5, 6])
    let sample = RowSample(kinds, limit: limit)
    let geometry = RowGeometry(
      matrix, sample, equals: EqualRows(matrix, squaredNorms: matrix.norms(pool: pool)),
      pool: pool)
    for (i, first) in sample.rows.enumerated() {
      for (j, second) in sample.rows.enumerated() {
        let (one, other) = (rows[first], rows[second])
        let expected = Float.squaredDistance(one.span, other.span)
        // Segments of longer rows are added in another order.
        let isExact = sample.isWhole || columns <= 4096
        #expect(
          isExact
            ? geometry.squaredDistance(i, j) == expected
            : agree(geometry.squaredDistance(i, j), expected, within: 1e-13))
      }
    }
  }

  @Test func equalRowsHaveTheFiguresOfEachAlone() {
    let all = rows(700)
    let matrix = Matrix(rows: all)
    let (malicious, honest) = ([0, 2, 4, 6], [1, 3, 5])
    let figures = RowFigures(
      matrix, RoundKinds(malicious: malicious, honest: honest), pool: pool)
    let shares = figures.equals.spread(malicious) {
      OutlierShare.shares(matrix, of: $0, among: honest)
    }
    #expect(shares == OutlierShare.shares(matrix, of: malicious, among: honest))
    #expect(figures.squaredNorms == all.map { Float.squaredNorm($0.span) })
  }
}
