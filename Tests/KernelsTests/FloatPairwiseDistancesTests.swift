import Determinism
import Kernels
import Testing

private func distances(
  _ rows: [[Float]], width: Int = 1, isExact: Bool = false
) -> [Double] {
  let matrix = rows.flatMap(\.self)
  let (n, d) = (rows.count, rows.first?.count ?? 0)
  var result = [Double](repeating: 7, count: n * n)
  var span = result.mutableSpan
  let compute = isExact ? Float.exactPairwiseSquaredDistances : Float.pairwiseSquaredDistances
  compute(matrix.span, n, d, WorkPool(width: width), &span)
  return result
}

/// Rows around a few centers `spread` times as far from one another as the rows of one cluster.
private func clusters(_ rowCount: Int, _ columnCount: Int, spread: Float) -> [[Float]] {
  let centers = (0..<4).map { sampleValues(columnCount, seed: UInt64(100 + $0)) }
  return (0..<rowCount).map { row in
    zip(centers[row % 4], sampleValues(columnCount, seed: UInt64(row + 1))).map { center, value in
      center * spread + value
    }
  }
}

@Suite struct FloatPairwiseDistancesTests {
  /// Relative to each distance, near pairs included; subtracting norms would lose all digits here.
  @Test(arguments: [1, 100, 1e4, 1e6] as [Float], [5, 5000, 40_000])
  func `distances are right to the bound that is stated`(spread: Float, columnCount: Int) {
    let rows = clusters(13, columnCount, spread: spread)
    let exact = distances(rows, isExact: true)
    for (distance, exact) in zip(distances(rows), exact) {
      #expect(abs(distance - exact) <= 4e-6 * exact)
    }
  }

  @Test(arguments: [3, 17, 4100])
  func `equal rows have distance zero and equal distances to others`(columnCount: Int) {
    let row = sampleValues(columnCount)
    let others = [2, 3].map { sampleValues(columnCount, seed: $0) }
    let rows = [row, others[0], row, row, others[1]]
    let result = distances(rows, width: 2)
    for i in [0, 2, 3] {
      for j in [0, 2, 3] { #expect(result[i * 5 + j] == 0) }
      #expect(result[i * 5 + 1].bitPattern == result[1].bitPattern)
      #expect(result[5 * 4 + i].bitPattern == result[4].bitPattern)
    }
  }

  @Test(arguments: [0, 3, 1023, 5000])
  func `exact distances of some rows have the bits of those of all`(columnCount: Int) {
    let rows = (0..<30).map { sampleValues(columnCount, seed: UInt64($0 + 1)) }
    let matrix = rows.flatMap(\.self)
    for chosen in [[], [4], [29, 0, 7], Array(1..<28)] {
      var result = [Double](repeating: 7, count: chosen.count * chosen.count)
      var span = result.mutableSpan
      Float.exactPairwiseSquaredDistances(
        ofRows: chosen, of: matrix.span, columnCount: columnCount, pool: WorkPool(width: 2),
        into: &span)
      let expected = distances(chosen.map { rows[$0] }, isExact: true)
      #expect(result.bits == expected.bits)
    }
  }

  @Test func `distances of a row that is not there are refused`() async {
    await #expect(processExitsWith: .failure) {
      let matrix: [Float] = [1, 2, 3, 4]
      var result: [Double] = [0]
      var span = result.mutableSpan
      Float.exactPairwiseSquaredDistances(
        ofRows: [2], of: matrix.span, columnCount: 2, pool: WorkPool(width: 1), into: &span)
    }
  }

  /// More columns than all pairs go through at a time, and tiles of 24 rows that are not full.
  @Test(arguments: [26, 50])
  func `exact distances have the bits of a single one beyond a pass`(rowCount: Int) {
    let rows = (0..<rowCount).map { sampleValues(41_003, seed: UInt64($0 + 1)) }
    let result = distances(rows, width: 3, isExact: true)
    for (i, j) in [(0, 1), (2, 23), (23, 24), (24, 25), (7, rowCount - 1)] {
      let (first, second) = (rows[i], rows[j])
      let expected = Float.squaredDistance(first.span, second.span)
      #expect(result[i * rowCount + j].bitPattern == expected.bitPattern)
      #expect(result[j * rowCount + i].bitPattern == expected.bitPattern)
    }
  }

  /// One row, or most of them, so that both ways of repair are taken.
  @Test(arguments: [1e25, 3e38, 1e-25, 0x1p-133] as [Float], [1, 9])
  func `rows beyond the range of squares are measured in double precision`(
    size: Float, count: Int
  ) {
    let rows = (0..<10).map { row in
      sampleValues(1000, seed: UInt64(row + 1)).map { $0 * (row < count ? size : 1) }
    }
    let result = distances(rows, width: 3)
    let exact = distances(rows, isExact: true)
    for (distance, exact) in zip(result, exact) {
      #expect(distance.isFinite && abs(distance - exact) <= 4e-6 * exact)
    }
    #expect(result.bits == ScalarReference<Float>.singlePairwiseSquaredDistances(rows).bits)
    if size > 1 { #expect(result[1].bitPattern == exact[1].bitPattern) }
  }

  @Test func `a row that is not finite has no distance`() {
    let result = distances([[1, 2], [.nan, 0], [.infinity, 0]])
    #expect(result[1].isNaN && result[2] == .infinity && result[5].isNaN)
  }
}
