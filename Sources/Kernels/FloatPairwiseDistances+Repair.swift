import Determinism

/// Repairs the distances of one row; see `repairDistances`.
func repairRow(
  _ row: Int, of matrix: UnsafePointer<Float>, _ rowCount: Int, _ columnCount: Int,
  _ distances: UnsafeMutablePointer<Double>
) {
  let least = Double(columnCount) * Double(Float.leastNormalMagnitude)
  let own = unsafe Span(
    _unsafeStart: matrix + row * columnCount, count: columnCount)
  for other in 0..<rowCount where other != row {
    let distance = unsafe distances[other]
    if distance >= least && distance < .infinity { continue }
    let values = unsafe Span(_unsafeStart: matrix + other * columnCount, count: columnCount)
    unsafe distances[other] = Float.squaredDistance(own, values)
  }
}

/// Computes again in `Double` what the range of `Float` may have spoilt: what overflowed, and what is
/// so small that the bits lost by squares below the normal numbers count.
func repairDistances(
  _ matrix: Span<Float>, _ rowCount: Int, _ columnCount: Int, _ pool: WorkPool,
  _ distances: inout MutableSpan<Double>
) {
  let least = Double(columnCount) * Double(Float.leastNormalMagnitude)
  var pairs: [(Int, Int)] = []
  for i in 0..<rowCount {
    for j in i + 1..<max(i + 1, rowCount) {
      let distance = distances[i * rowCount + j]
      if !(distance >= least && distance < .infinity) { pairs.append((i, j)) }
    }
  }
  if pairs.isEmpty { return }
  let exact: [Double]
  if 4 * pairs.count > rowCount * rowCount {
    // Most of them: all at once is faster, with the same bits.
    var all = [Double](repeating: 0, count: rowCount * rowCount)
    var target = all.mutableSpan
    Float.exactPairwiseSquaredDistances(
      matrix, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &target)
    exact = pairs.map { i, j in all[i * rowCount + j] }
  } else {
    exact = pool.map(pairs.count) { [pairs] index in
      let (i, j) = pairs[index]
      return Float.squaredDistance(
        matrix.extracting(i * columnCount..<(i + 1) * columnCount),
        matrix.extracting(j * columnCount..<(j + 1) * columnCount))
    }
  }
  for (pair, distance) in zip(pairs, exact) { distances[pair.0 * rowCount + pair.1] = distance }
}
