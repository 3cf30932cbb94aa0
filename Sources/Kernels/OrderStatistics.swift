public import Determinism

/// The columns that are sorted side by side.
private let laneCount = 16
/// The columns of one piece of work.
private let pieceSize = 256 * laneCount

/// What is kept of a sorted column.
private enum Statistic: Sendable {
  case median
  case trimmedMean(trimCount: Int)

  /// The places that it is made of.
  func rows(of rowCount: Int) -> ClosedRange<Int> {
    switch self {
    case .median: (rowCount - 1) / 2...rowCount / 2
    case .trimmedMean(let trimCount): trimCount...rowCount - trimCount - 1
    }
  }
}

/// Reads up to sixteen columns of all rows, −0 as +0; missing columns are 0.
@inline(__always)
private func loadColumns<S: Scalar>(
  _ source: UnsafePointer<S>, stride: Int, count: Int, rowCount: Int,
  into lanes: UnsafeMutablePointer<SIMD16<S>>
) {
  for row in 0..<rowCount {
    let pointer = unsafe source + row &* stride
    if count == laneCount {
      // Adding +0 turns −0 into +0 and leaves every other value.
      unsafe lanes[row] = UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<S>.self) + 0
    } else {
      var values = SIMD16<S>(repeating: 0)
      for i in 0..<count { unsafe values[i] = pointer[i] + 0 }
      unsafe lanes[row] = values
    }
  }
}

@inline(__always)
private func evaluate<S: Scalar>(
  _ statistic: Statistic, _ sorted: UnsafeMutablePointer<SIMD16<S>>, _ rowCount: Int
) -> SIMD16<S> {
  switch statistic {
  case .median:
    let upper = unsafe sorted[rowCount / 2]
    if rowCount % 2 == 1 { return upper }
    let lower = unsafe sorted[rowCount / 2 &- 1]
    return SIMD16<S>((SIMD16<Double>(lower) + SIMD16<Double>(upper)) * 0.5)
  case .trimmedMean(let trimCount):
    var sum = SIMD16<Double>(repeating: 0)
    for row in trimCount..<(rowCount &- trimCount) {
      unsafe sum += SIMD16<Double>(sorted[row])
    }
    return SIMD16<S>(sum / Double(rowCount &- 2 &* trimCount))
  }
}

@inline(__always)
private func evaluateColumns<S: Scalar>(
  _ statistic: Statistic, _ matrix: Span<S>, _ rowCount: Int, _ columnCount: Int,
  _ pool: WorkPool, _ output: inout MutableSpan<S>,
  _ sort:
    @Sendable (
      UnsafeMutablePointer<SIMD16<S>>, UnsafeBufferPointer<SortingNetwork.Step>
    ) -> Void
) {
  checkMatrix(
    "order statistic", matrix.count, rowCount: rowCount, columnCount: columnCount,
    outputCount: output.count)
  let network = SortingNetwork(count: rowCount)
  unsafe matrix.withUnsafeBufferPointer { matrix in
    unsafe output.withUnsafeMutableBufferPointer { output in
      guard let source = matrix.baseAddress, let target = output.baseAddress else { return }
      nonisolated(unsafe) let values = unsafe source
      nonisolated(unsafe) let output = unsafe target
      pool.run((columnCount + pieceSize - 1) / pieceSize) { _, piece in
        let end = min((piece + 1) * pieceSize, columnCount)
        unsafe network.steps.withUnsafeBufferPointer { steps in
          unsafe withUnsafeTemporaryAllocation(of: SIMD16<S>.self, capacity: rowCount) { scratch in
            guard let lanes = scratch.baseAddress else { return }
            for column in stride(from: piece * pieceSize, to: end, by: laneCount) {
              let count = min(laneCount, end - column)
              unsafe loadColumns(
                values + column, stride: columnCount, count: count, rowCount: rowCount, into: lanes)
              unsafe sort(lanes, steps)
              let result = unsafe evaluate(statistic, lanes, rowCount)
              if count == laneCount {
                unsafe UnsafeMutableRawPointer(output + column)
                  .storeBytes(of: result, as: SIMD16<S>.self)
              } else {
                for i in 0..<count { unsafe output[column + i] = result[i] }
              }
            }
          }
        }
      }
    }
  }
}

/// The statistic of eight columns, with the operations of the general form.
@inline(__always)
private func evaluate(
  _ statistic: Statistic, _ keys: UnsafePointer<ColumnSorter.Keys>, _ rowCount: Int
) -> SIMD8<Float> {
  switch statistic {
  case .median:
    let upper = unsafe ColumnSorter.values(keys[rowCount / 2])
    if rowCount % 2 == 1 { return upper }
    let lower = unsafe ColumnSorter.values(keys[rowCount / 2 &- 1])
    return SIMD8<Float>((SIMD8<Double>(lower) + SIMD8<Double>(upper)) * 0.5)
  case .trimmedMean(let trimCount):
    return unsafe ColumnSorter.mean(keys, rows: trimCount..<rowCount &- trimCount)
  }
}

/// `evaluateColumns` for no more rows than `ColumnSorter` takes.
@inline(__always)
private func evaluateFewRows(
  _ statistic: Statistic, _ matrix: Span<Float>, _ rowCount: Int, _ columnCount: Int,
  _ pool: WorkPool, _ output: inout MutableSpan<Float>
) {
  checkMatrix(
    "order statistic", matrix.count, rowCount: rowCount, columnCount: columnCount,
    outputCount: output.count)
  let columns = SortedColumns(
    rowCount: rowCount, columnCount: columnCount, rows: statistic.rows(of: rowCount))
  unsafe matrix.withUnsafeBufferPointer { matrix in
    unsafe output.withUnsafeMutableBufferPointer { output in
      guard let source = matrix.baseAddress, let target = output.baseAddress else { return }
      nonisolated(unsafe) let values = unsafe source
      nonisolated(unsafe) let output = unsafe target
      pool.run((columnCount + pieceSize - 1) / pieceSize) { _, piece in
        let end = min((piece + 1) * pieceSize, columnCount)
        unsafe columns.forEachSixteen(of: values, in: piece * pieceSize..<end) { group in
          for half in 0..<2 {
            let result = unsafe evaluate(statistic, group.keys(half), rowCount)
            let place = unsafe output + group.column + 8 &* half
            if unsafe group.count == laneCount {
              unsafe UnsafeMutableRawPointer(place).storeBytes(of: result, as: SIMD8<Float>.self)
            } else {
              for i in 0..<min(8, max(0, unsafe group.count &- 8 &* half)) {
                unsafe place[i] = result[i]
              }
            }
          }
        }
      }
    }
  }
}

private func checkTrim(_ rowCount: Int, _ trimCount: Int) {
  precondition(
    trimCount >= 0 && trimCount < (rowCount + 1) / 2,
    "order statistic: \(trimCount) values trimmed at each end of \(rowCount)")
}

extension Float {
  public static func columnMedian(
    _ matrix: Span<Float>, rowCount: Int, columnCount: Int, pool: WorkPool,
    into median: inout MutableSpan<Float>
  ) {
    checkTrim(rowCount, 0)
    guard rowCount > ColumnSorter.mostRows else {
      return evaluateFewRows(.median, matrix, rowCount, columnCount, pool, &median)
    }
    unsafe evaluateColumns(.median, matrix, rowCount, columnCount, pool, &median) {
      unsafe SortingNetwork.sort($0, by: $1)
    }
  }

  public static func columnTrimmedMean(
    _ matrix: Span<Float>, rowCount: Int, columnCount: Int, trimCount: Int, pool: WorkPool,
    into mean: inout MutableSpan<Float>
  ) {
    checkTrim(rowCount, trimCount)
    guard rowCount > ColumnSorter.mostRows else {
      return evaluateFewRows(
        .trimmedMean(trimCount: trimCount), matrix, rowCount, columnCount, pool, &mean)
    }
    unsafe evaluateColumns(
      .trimmedMean(trimCount: trimCount), matrix, rowCount, columnCount, pool, &mean
    ) { unsafe SortingNetwork.sort($0, by: $1) }
  }
}

extension Double {
  public static func columnMedian(
    _ matrix: Span<Double>, rowCount: Int, columnCount: Int, pool: WorkPool,
    into median: inout MutableSpan<Double>
  ) {
    checkTrim(rowCount, 0)
    unsafe evaluateColumns(.median, matrix, rowCount, columnCount, pool, &median) {
      unsafe SortingNetwork.sort($0, by: $1)
    }
  }

  public static func columnTrimmedMean(
    _ matrix: Span<Double>, rowCount: Int, columnCount: Int, trimCount: Int, pool: WorkPool,
    into mean: inout MutableSpan<Double>
  ) {
    checkTrim(rowCount, trimCount)
    unsafe evaluateColumns(
      .trimmedMean(trimCount: trimCount), matrix, rowCount, columnCount, pool, &mean
    ) { unsafe SortingNetwork.sort($0, by: $1) }
  }
}
