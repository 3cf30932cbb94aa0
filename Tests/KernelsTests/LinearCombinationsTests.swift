import Determinism
import Kernels
import Testing

/// Weights in −0.5 ..< 0.5, a quarter of them 0.
private func sampleWeights(_ count: Int) -> [Double] {
  sampleValues(count, seed: 77).enumerated().map { $0.offset % 4 == 1 ? 0 : Double($0.element) }
}

/// Compares with one plain combination per row of weights, over pools of several widths.
private func check<S: Scalar>(_ rows: [[S]], _ weights: [[Double]]) {
  let columnCount = rows.first?.count ?? 0
  let matrix = rows.flatMap(\.self)
  let flat = weights.flatMap(\.self)
  let expected = weights.flatMap { ScalarReference<S>.linearCombination(rows, weights: $0) }
  for width in [1, 2, 5] {
    var output = [S](repeating: 7, count: weights.count * columnCount)
    var span = output.mutableSpan
    S.linearCombinations(
      matrix.span, rowCount: rows.count, columnCount: columnCount, weights: flat.span,
      combinationCount: weights.count, pool: WorkPool(width: width), into: &span)
    let isEqual = zip(output, expected).allSatisfy {
      $0 == $1 ? $0.sign == $1.sign : $0.isNaN && $1.isNaN
    }
    #expect(isEqual && output.count == expected.count)
  }
}

@Suite struct LinearCombinationsTests {
  /// Counts around the tile (six), the vector (eight), the block (64) and the piece (1024).
  @Test(arguments: [1, 2, 7, 50], [0, 1, 8, 63, 65, 1025, 2100])
  func `each has the bits of a combination alone`(rowCount: Int, columnCount: Int) {
    let rows = (0..<rowCount).map { sampleValues(columnCount, seed: UInt64($0 + 1)) }
    for count in [1, 2, 5, 6, 7, 13] {
      let weights = (0..<count).map { Array(sampleWeights(rowCount + count)[$0..<$0 + rowCount]) }
      check(rows, weights)
      if columnCount < 100 { check(rows.map { $0.map(Double.init) }, weights) }
    }
  }

  /// Those of equal weights are computed once; −0 and +0 are different weights.
  @Test(arguments: [8, 65, 1100]) func `equal combinations are written wherever they are wanted`(
    columnCount: Int
  ) {
    var rows = (0..<5).map { sampleValues(columnCount, seed: UInt64($0 + 1)) }
    let kinds = [
      [0.25, 0.25, 0.25, 0.25, 0], [0, 0.5, 0, 0, 0.5], [1, 0, 0, 0, 0], [1, -0.0, 0, 0, 0],
    ]
    let order = [0, 1, 0, 0, 2, 3, 1, 0, 2, 0, 3, 1, 0]
    check(rows, order.map { kinds[$0] })
    check(rows, [Int](repeating: 1, count: 9).map { kinds[$0] })
    rows[4][columnCount - 1] = .infinity
    check(rows, order.map { kinds[$0] })
  }

  @Test func `a row of weight zero is not looked at`() {
    var rows = (0..<4).map { sampleValues(130, seed: UInt64($0 + 1)) }
    rows[1][3] = .nan
    rows[2][70] = .infinity
    rows[3][129] = -.infinity
    check(rows, [[1, 0, 0, 0], [0, 1, 0, 0], [0.5, 0, 0.5, 0], [0.25, 0.25, 0.25, 0.25]])
  }

  @Test func `weights so small that products vanish keep the sign of zero`() {
    check(
      [[-0x1p-149, 1] as [Float], [3, 3]], [[1e-300, 0], [-1e-300, 0], [0, 0], [.nan, 0]])
    check(
      [[-0x1p-1074, 1, 3], [3, 3, 0x1p-1000]], [[0.1, 0], [-0.1, 0], [0, 0], [0.5, 0.25]])
  }

  @Test func `no rows give zeros, and sizes that do not fit are refused`() async {
    var output: [Float] = [7, 7]
    var span = output.mutableSpan
    let nothing: [Float] = []
    let weights: [Double] = []
    Float.linearCombinations(
      nothing.span, rowCount: 0, columnCount: 1, weights: weights.span, combinationCount: 2,
      pool: WorkPool(width: 1), into: &span)
    #expect(output == [0, 0])
    await #expect(processExitsWith: .failure) {
      var output: [Float] = [7, 7]
      var span = output.mutableSpan
      let values: [Float] = [1, 2]
      let weights = [1.0]
      Float.linearCombinations(
        values.span, rowCount: 1, columnCount: 2, weights: weights.span, combinationCount: 2,
        pool: WorkPool(width: 1), into: &span)
    }
  }
}
