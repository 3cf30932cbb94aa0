import Determinism
import Kernels
import Testing

/// Points in double precision among rows in single precision.
@Suite struct DoublePointTests {
  @Test(arguments: [0, 1, 7, 8, 9, 1023, 1024, 1025, 5000])
  func distanceHasTheBitsOfDoubleRows(count: Int) {
    let x = sampleValues(count)
    let wide = x.map { Double($0) }
    let point = sampleValues(count, seed: 2).map { Double($0) / 3 }
    let result = Float.squaredDistance(x.span, point.span)
    #expect(result.bitPattern == Double.squaredDistance(wide.span, point.span).bitPattern)
  }

  @Test(arguments: [1, 15, 1024, 5000])
  func combinationHasTheBitsOfDoubleRows(columnCount: Int) {
    let values = sampleValues(4 * columnCount)
    let wide = values.map { Double($0) }
    let weights = [0.3, 0, -1.7, 1e-9]
    for width in [1, 2, 5] {
      var result = [Double](repeating: 7, count: columnCount)
      var expected = result
      var span = result.mutableSpan
      Float.linearCombination(
        values.span, rowCount: 4, columnCount: columnCount, weights: weights.span,
        pool: WorkPool(width: width), into: &span)
      var expectedSpan = expected.mutableSpan
      Double.linearCombination(
        wide.span, rowCount: 4, columnCount: columnCount, weights: weights.span,
        pool: WorkPool(width: width), into: &expectedSpan)
      #expect(result.bits == expected.bits)
    }
  }

  @Test func noRowsCombineToZero() {
    let none: [Float] = []
    let weights: [Double] = []
    var result = [7.0, 7]
    var span = result.mutableSpan
    Float.linearCombination(
      none.span, rowCount: 0, columnCount: 2, weights: weights.span, pool: WorkPool(width: 1),
      into: &span)
    #expect(result == [0, 0])
  }
}
