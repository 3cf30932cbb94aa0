import Determinism
import Kernels
import Testing

@Suite struct ManhattanDistancesTests {
  private func distances(_ rows: [[Float]], width: Int = 1) -> [Double] {
    let (n, d) = (rows.count, rows.first?.count ?? 0)
    let matrix = rows.flatMap(\.self)
    var result = [Double](repeating: 7, count: n * n)
    var span = result.mutableSpan
    Float.pairwiseManhattanDistances(
      matrix.span, rowCount: n, columnCount: d, pool: WorkPool(width: width),
      into: &span)
    return result
  }

  @Test(arguments: [0, 1, 2, 7, 8, 9, 17, 25], [0, 1, 7, 8, 1023, 1025, 17_000])
  func `distances and norms have the bits of their references`(rowCount: Int, columnCount: Int) {
    let rows = (0..<rowCount).map { sampleValues(columnCount, seed: UInt64($0 + 1)) }
    let expected = ScalarReference<Float>.pairwiseManhattanDistances(rows)
    #expect(distances(rows).bits == expected.bits)
    #expect(distances(rows, width: 3).bits == expected.bits)
    for row in rows {
      let norm = Float.sumOfMagnitudes(row.span)
      #expect(norm.bitPattern == ScalarReference<Float>.sumOfMagnitudes(row).bitPattern)
    }
  }

  @Test func `distances by hand`() {
    #expect(distances([[1, -2], [-0.5, 2], [1, -2]]) == [0, 5.5, 0, 5.5, 0, 5.5, 0, 5.5, 0])
    #expect(distances([[3e38], [-3e38]])[1] == 2 * Double(Float(3e38)))
    let values: [Float] = [-1, 2, -0.0]
    #expect(Float.sumOfMagnitudes(values.span) == 3)
  }
}
