public import Determinism

/// The columns whose sums are held at one time, in the nearest cache.
private let segmentSize = 1024
/// The columns of one piece of work.
private let pieceSize = 16 * segmentSize

/// Runs `body(columns, two rows of scratch)` over all columns, segment by segment.
@inline(__always)
private func forEachSegment(
  _ columnCount: Int, _ pool: WorkPool,
  _ body: @Sendable (Range<Int>, UnsafeMutablePointer<Double>) -> Void
) {
  pool.run((columnCount + pieceSize - 1) / pieceSize) { _, piece in
    let end = min((piece + 1) * pieceSize, columnCount)
    unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * segmentSize) { scratch in
      guard let scratch = scratch.baseAddress else { return }
      for start in stride(from: piece * pieceSize, to: end, by: segmentSize) {
        unsafe body(start..<min(start + segmentSize, end), scratch)
      }
    }
  }
}

/// Writes the column sums of a segment into `sums`, from +0 over the rows ascending.
///
/// Without rows there is no matrix. Several rows at a time: a sum is then read and written once for
/// all of them, and gets them in the same order.
@inline(__always)
private func addRows<S: Scalar>(
  _ matrix: UnsafePointer<S>?, rowCount: Int, columnCount: Int, columns: Range<Int>,
  weights: UnsafePointer<Double>?, into sums: UnsafeMutablePointer<Double>
) {
  let count = columns.count
  unsafe sums.update(repeating: 0, count: count)
  guard let matrix = unsafe matrix else { return }
  let values = unsafe matrix + columns.lowerBound
  var row = 0
  while row < rowCount {
    if let weights = unsafe weights {
      unsafe addNextFour(&row, rowCount, values, columnCount, weights, count, sums)
    } else if row &+ 8 <= rowCount {
      unsafe addEightRows(values + row &* columnCount, columnCount, count, sums)
      row &+= 8
    } else {
      let values = unsafe values + row &* columnCount
      for i in 0..<count { unsafe sums[i] += Double(values[i]) }
      row &+= 1
    }
  }
}

/// Adds the next four rows whose weight is not 0, or as many as there are, and goes on behind them.
@inline(__always)
private func addNextFour<S: Scalar>(
  _ row: inout Int, _ rowCount: Int, _ values: UnsafePointer<S>, _ stride: Int,
  _ weights: UnsafePointer<Double>, _ count: Int, _ sums: UnsafeMutablePointer<Double>
) {
  var rows = InlineArray<4, Int>(repeating: 0)
  var found = 0
  while found < 4 && row < rowCount {
    if unsafe weights[row] != 0 {
      rows[found] = row
      found &+= 1
    }
    row &+= 1
  }
  if found == 4 {
    unsafe addFourRows(values, stride, rows, weights, count, sums)
    return
  }
  for place in 0..<found {
    let weight = unsafe weights[rows[place]]
    let values = unsafe values + rows[place] &* stride
    for i in 0..<count { unsafe sums[i] = sums[i].addingProduct(weight, Double(values[i])) }
  }
}

@inline(__always)
private func addEightRows<S: Scalar>(
  _ a: UnsafePointer<S>, _ stride: Int, _ count: Int, _ sums: UnsafeMutablePointer<Double>
) {
  let b = unsafe a + stride
  let c = unsafe b + stride
  let d = unsafe c + stride
  let e = unsafe d + stride
  let f = unsafe e + stride
  let g = unsafe f + stride
  let h = unsafe g + stride
  for i in 0..<count {
    var sum = unsafe sums[i]
    unsafe sum += Double(a[i])
    unsafe sum += Double(b[i])
    unsafe sum += Double(c[i])
    unsafe sum += Double(d[i])
    unsafe sum += Double(e[i])
    unsafe sum += Double(f[i])
    unsafe sum += Double(g[i])
    unsafe sum += Double(h[i])
    unsafe sums[i] = sum
  }
}

@inline(__always)
private func addFourRows<S: Scalar>(
  _ values: UnsafePointer<S>, _ stride: Int, _ rows: InlineArray<4, Int>,
  _ weights: UnsafePointer<Double>, _ count: Int, _ sums: UnsafeMutablePointer<Double>
) {
  let a = unsafe values + rows[0] &* stride
  let b = unsafe values + rows[1] &* stride
  let c = unsafe values + rows[2] &* stride
  let d = unsafe values + rows[3] &* stride
  let (p, q, r, s) = unsafe (
    weights[rows[0]], weights[rows[1]], weights[rows[2]], weights[rows[3]]
  )
  for i in 0..<count {
    var sum = unsafe sums[i].addingProduct(p, Double(a[i]))
    sum = unsafe sum.addingProduct(q, Double(b[i]))
    sum = unsafe sum.addingProduct(r, Double(c[i]))
    unsafe sums[i] = unsafe sum.addingProduct(s, Double(d[i]))
  }
}

@inline(__always)
private func combine<S: Scalar, T: Scalar>(
  _ matrix: Span<S>, _ rowCount: Int, _ columnCount: Int, _ weights: Span<Double>,
  _ pool: WorkPool, _ combination: inout MutableSpan<T>
) {
  checkMatrix(
    "linearCombination", matrix.count, rowCount: rowCount, columnCount: columnCount,
    outputCount: combination.count)
  precondition(
    weights.count == rowCount,
    "linearCombination: \(weights.count) weights for \(rowCount) rows")
  unsafe matrix.withUnsafeBufferPointer { matrix in
    unsafe weights.withUnsafeBufferPointer { weights in
      unsafe combination.withUnsafeMutableBufferPointer { output in
        guard let target = output.baseAddress else { return }
        nonisolated(unsafe) let output = unsafe target
        nonisolated(unsafe) let values = matrix.baseAddress
        nonisolated(unsafe) let weights = weights.baseAddress
        unsafe forEachSegment(columnCount, pool) { columns, sums in
          unsafe addRows(
            values, rowCount: rowCount, columnCount: columnCount, columns: columns,
            weights: weights, into: sums)
          for i in 0..<columns.count { unsafe output[columns.lowerBound + i] = T(sums[i]) }
        }
      }
    }
  }
}

@inline(__always)
private func average<S: Scalar>(
  _ matrix: Span<S>, _ rowCount: Int, _ columnCount: Int, _ pool: WorkPool,
  _ mean: inout MutableSpan<S>
) {
  checkMatrix(
    "mean", matrix.count, rowCount: rowCount, columnCount: columnCount, outputCount: mean.count)
  precondition(rowCount >= 1, "mean: no rows")
  let divisor = Double(rowCount)
  unsafe matrix.withUnsafeBufferPointer { matrix in
    unsafe mean.withUnsafeMutableBufferPointer { output in
      guard let source = matrix.baseAddress, let target = output.baseAddress else { return }
      nonisolated(unsafe) let values = unsafe source
      nonisolated(unsafe) let output = unsafe target
      unsafe forEachSegment(columnCount, pool) { columns, sums in
        unsafe addRows(
          values, rowCount: rowCount, columnCount: columnCount, columns: columns,
          weights: nil, into: sums)
        for i in 0..<columns.count { unsafe output[columns.lowerBound + i] = S(sums[i] / divisor) }
      }
    }
  }
}

@inline(__always)
private func meanAndDeviation<S: Scalar>(
  _ matrix: Span<S>, _ rowCount: Int, _ columnCount: Int, _ pool: WorkPool,
  _ mean: inout MutableSpan<S>, _ deviation: inout MutableSpan<S>
) {
  checkMatrix(
    "columnMeanAndDeviation", matrix.count, rowCount: rowCount, columnCount: columnCount,
    outputCount: mean.count)
  precondition(
    rowCount >= 1 && deviation.count == columnCount,
    "columnMeanAndDeviation: \(rowCount) rows, \(deviation.count) of \(columnCount) deviations")
  let divisor = Double(rowCount)
  unsafe matrix.withUnsafeBufferPointer { matrix in
    unsafe mean.withUnsafeMutableBufferPointer { mean in
      unsafe deviation.withUnsafeMutableBufferPointer { deviation in
        guard let source = matrix.baseAddress, let meanBase = mean.baseAddress,
          let deviationBase = deviation.baseAddress
        else { return }
        nonisolated(unsafe) let values = unsafe source
        nonisolated(unsafe) let means = unsafe meanBase
        nonisolated(unsafe) let deviations = unsafe deviationBase
        unsafe forEachSegment(columnCount, pool) { columns, center in
          let count = columns.count
          let squares = unsafe center + segmentSize
          unsafe addRows(
            values, rowCount: rowCount, columnCount: columnCount, columns: columns,
            weights: nil, into: center)
          for i in 0..<count { unsafe center[i] /= divisor }
          unsafe squares.update(repeating: 0, count: count)
          for row in 0..<rowCount {
            let row = unsafe values + (row &* columnCount &+ columns.lowerBound)
            for i in 0..<count {
              let difference = unsafe Double(row[i]) - center[i]
              unsafe squares[i] = squares[i].addingProduct(difference, difference)
            }
          }
          for i in 0..<count {
            unsafe means[columns.lowerBound + i] = S(center[i])
            unsafe deviations[columns.lowerBound + i] = S((squares[i] / divisor).squareRoot())
          }
        }
      }
    }
  }
}

extension Float {
  public static func linearCombination(
    _ matrix: Span<Float>, rowCount: Int, columnCount: Int, weights: Span<Double>,
    pool: WorkPool, into combination: inout MutableSpan<Float>
  ) {
    combine(matrix, rowCount, columnCount, weights, pool, &combination)
  }

  /// Writes the combination in double precision, without the last rounding of the other form.
  public static func linearCombination(
    _ matrix: Span<Float>, rowCount: Int, columnCount: Int, weights: Span<Double>,
    pool: WorkPool, into combination: inout MutableSpan<Double>
  ) {
    combine(matrix, rowCount, columnCount, weights, pool, &combination)
  }

  public static func mean(
    _ matrix: Span<Float>, rowCount: Int, columnCount: Int, pool: WorkPool,
    into mean: inout MutableSpan<Float>
  ) {
    average(matrix, rowCount, columnCount, pool, &mean)
  }

  public static func columnMeanAndDeviation(
    _ matrix: Span<Float>, rowCount: Int, columnCount: Int, pool: WorkPool,
    mean: inout MutableSpan<Float>, deviation: inout MutableSpan<Float>
  ) {
    meanAndDeviation(matrix, rowCount, columnCount, pool, &mean, &deviation)
  }
}

extension Double {
  public static func linearCombination(
    _ matrix: Span<Double>, rowCount: Int, columnCount: Int, weights: Span<Double>,
    pool: WorkPool, into combination: inout MutableSpan<Double>
  ) {
    combine(matrix, rowCount, columnCount, weights, pool, &combination)
  }

  public static func mean(
    _ matrix: Span<Double>, rowCount: Int, columnCount: Int, pool: WorkPool,
    into mean: inout MutableSpan<Double>
  ) {
    average(matrix, rowCount, columnCount, pool, &mean)
  }

  public static func columnMeanAndDeviation(
    _ matrix: Span<Double>, rowCount: Int, columnCount: Int, pool: WorkPool,
    mean: inout MutableSpan<Double>, deviation: inout MutableSpan<Double>
  ) {
    meanAndDeviation(matrix, rowCount, columnCount, pool, &mean, &deviation)
  }
}
