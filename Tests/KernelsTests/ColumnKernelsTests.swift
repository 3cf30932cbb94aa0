import Determinism
import Kernels
import Testing

/// Row counts around the tile (eight) and the powers of two that sorting networks are built on.
private let rowCounts = [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33, 50]
/// Column counts around the lanes (sixteen), the segment (1024) and the pieces.
private let columnCounts = [0, 1, 7, 15, 16, 17, 1023, 1025, 4097]

private struct Sample<S: Scalar> {
  let rows: [[S]]
  var values: [S] { rows.flatMap(\.self) }

  init(_ rowCount: Int, _ columnCount: Int) {
    // Few distinct values in every third row, so that ties occur, and one outlier row.
    rows = (0..<rowCount).map { (row: Int) -> [S] in
      sampleValues(columnCount, seed: UInt64(row + 1)).map { (value: Float) -> S in
        if row == 3 { return S(value * 1e6) }
        return S(row % 3 == 0 ? (value * 4).rounded() / 4 : value)
      }
    }
  }
}

/// Compares each kernel with its reference, over pools of several widths.
private func check<S: Scalar>(_ type: S.Type, _ rowCount: Int, _ columnCount: Int) {
  typealias Reference = ScalarReference<S>
  let sample = Sample<S>(rowCount, columnCount)
  let matrix = sample.values
  let rows = sample.rows
  let weights = (0..<rowCount).map { (row: Int) -> Double in
    row % 5 == 1 || row % 7 == 3 ? 0 : 1 / Double(row + 3)
  }
  let trimCount = (rowCount - 1) / 3
  let mean = Reference.mean(rows)
  let combination = Reference.linearCombination(rows, weights: weights)
  let median = Reference.columnMedian(rows)
  let trimmedMeans = [0, trimCount].map { ($0, Reference.columnTrimmedMean(rows, trimCount: $0)) }
  let expectedDeviation = Reference.deviation(rows)
  let exactDistances = Reference.pairwiseSquaredDistances(rows)
  let expectedDistances =
    (rows as? [[Float]]).map(ScalarReference<Float>.singlePairwiseSquaredDistances)
    ?? exactDistances
  for width in [1, 2, 5] {
    let pool = WorkPool(width: width)
    var output = [S](repeating: 7, count: columnCount)
    var span = output.mutableSpan
    S.mean(matrix.span, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &span)
    #expect(output == mean)

    span = output.mutableSpan
    S.linearCombination(
      matrix.span, rowCount: rowCount, columnCount: columnCount, weights: weights.span,
      pool: pool, into: &span)
    #expect(output == combination)

    span = output.mutableSpan
    S.columnMedian(
      matrix.span, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &span)
    #expect(output == median)

    for (trimCount, trimmed) in trimmedMeans {
      span = output.mutableSpan
      S.columnTrimmedMean(
        matrix.span, rowCount: rowCount, columnCount: columnCount, trimCount: trimCount,
        pool: pool, into: &span)
      #expect(output == trimmed)
    }

    var deviation = output
    span = output.mutableSpan
    var deviationSpan = deviation.mutableSpan
    S.columnMeanAndDeviation(
      matrix.span, rowCount: rowCount, columnCount: columnCount, pool: pool,
      mean: &span, deviation: &deviationSpan)
    #expect(output == mean)
    #expect(deviation == expectedDeviation)

    var distances = [Double](repeating: 7, count: rowCount * rowCount)
    var distanceSpan = distances.mutableSpan
    S.pairwiseSquaredDistances(
      matrix.span, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &distanceSpan)
    #expect(distances.bits == expectedDistances.bits)

    if let matrix = matrix as? [Float] {
      distanceSpan = distances.mutableSpan
      Float.exactPairwiseSquaredDistances(
        matrix.span, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &distanceSpan)
      #expect(distances.bits == exactDistances.bits)
    }
  }
}

@Suite struct ColumnKernelsTests {
  @Test(arguments: rowCounts, columnCounts)
  func `kernels on Float have the bits of their references`(rowCount: Int, columnCount: Int) {
    check(Float.self, rowCount, columnCount)
  }

  @Test(arguments: [1, 2, 5, 8, 17], [0, 1, 15, 17, 1025])
  func `kernels on Double have the bits of their references`(rowCount: Int, columnCount: Int) {
    check(Double.self, rowCount, columnCount)
  }

  /// More columns than one pass of the distances and one piece of the others.
  @Test func `many columns`() {
    check(Float.self, 9, 40_001)
  }

  /// By the zero-one principle, a network that sorts these sorts anything.
  @Test(arguments: 1...10)
  func `every pattern of zeros and ones is sorted`(rowCount: Int) {
    let patterns = 0..<(1 << rowCount)
    let matrix = (0..<rowCount).flatMap { row in patterns.map { Float($0 >> row & 1) } }
    for trimCount in 0..<((rowCount + 1) / 2) {
      var output = [Float](repeating: 7, count: patterns.count)
      var span = output.mutableSpan
      Float.columnTrimmedMean(
        matrix.span, rowCount: rowCount, columnCount: patterns.count, trimCount: trimCount,
        pool: WorkPool(width: 1), into: &span)
      let expected = patterns.map { pattern in
        let keptCount = rowCount - 2 * trimCount
        let ones = min(max(pattern.nonzeroBitCount - trimCount, 0), keptCount)
        return Float(Double(ones) / Double(keptCount))
      }
      #expect(output == expected)
    }
  }

  @Test func `negative zero is read as zero`() {
    let matrix: [Float] = [-0.0, -0.0, -0.0]
    var output: [Float] = [7]
    var span = output.mutableSpan
    Float.columnMedian(
      matrix.span, rowCount: 3, columnCount: 1, pool: WorkPool(width: 1), into: &span)
    #expect(output[0].bitPattern == 0)
  }

  @Test func `a row of weight zero is not looked at`() {
    let matrix: [Float] = [1, .nan, 3]
    let weights = [0.5, 0, 0.5]
    var output: [Float] = [7]
    var span = output.mutableSpan
    Float.linearCombination(
      matrix.span, rowCount: 3, columnCount: 1, weights: weights.span,
      pool: WorkPool(width: 1), into: &span)
    #expect(output == [2])
  }

  @Test func `trimming everything is refused`() async {
    await #expect(processExitsWith: .failure) {
      let matrix: [Float] = [1, 2, 3, 4]
      var output: [Float] = [0]
      var span = output.mutableSpan
      Float.columnTrimmedMean(
        matrix.span, rowCount: 4, columnCount: 1, trimCount: 2, pool: WorkPool(width: 1),
        into: &span)
    }
  }

  @Test(arguments: [1, 2, 5], [0, 1, 17])
  func `each row is written once`(width: Int, columnCount: Int) {
    var values = [Float](repeating: -1, count: 23 * columnCount)
    ParallelRows.forEachRow(
      in: &values, rowCount: 23, columnCount: columnCount, pool: WorkPool(width: width)
    ) { worker, row, span in
      for column in 0..<span.count { span[column] += Float(row * 100 + column) + 1 }
    }
    let expected = (0..<23).flatMap { row in (0..<columnCount).map { Float(row * 100 + $0) } }
    #expect(values == expected)
  }
}
