public import Determinism

/// The columns that are sorted side by side.
private let laneCount = 16
/// The columns of one piece of work.
private let pieceSize = 256 * laneCount

/// The chosen rows of sixteen columns, before and after sorting, and how often each was kept.
@unsafe private struct Workspace {
  let raw: UnsafeMutablePointer<SIMD16<Float>>
  let sorted: UnsafeMutablePointer<SIMD16<Float>>
  let counts: UnsafeMutablePointer<SIMD16<Float>>
}

/// What is kept of sixteen sorted columns: the values at `start ..< start + keepCount`.
private struct Window {
  var start = SIMD16<Double>(repeating: 0)
  var mean = SIMD16<Double>(repeating: 0)
  /// The lowest and highest value that is kept.
  var low = SIMD16<Float>(repeating: 0)
  var high = SIMD16<Float>(repeating: 0)
  /// Whether a value equal to one of them is dropped.
  var isTied = SIMDMask<SIMD16<Float>.MaskStorage>(repeating: false)
}

/// Finds the window of each column by moving it up as long as what it loses is farther from the
/// median than what it gains.
@inline(__always)
private func findWindow(
  _ sorted: UnsafeMutablePointer<SIMD16<Float>>, rowCount: Int, keepCount: Int
) -> Window {
  var window = Window()
  let upper = unsafe SIMD16<Double>(sorted[rowCount / 2])
  let lower = unsafe SIMD16<Double>(sorted[(rowCount &- 1) / 2])
  let median = (lower + upper) * 0.5
  let dropCount = rowCount &- keepCount
  for place in 0..<dropCount {
    let loss = unsafe median - SIMD16<Double>(sorted[place])
    let gain = unsafe SIMD16<Double>(sorted[place &+ keepCount]) - median
    window.start += SIMD16<Double>(repeating: 0).replacing(with: 1, where: loss .> gain)
  }
  let end = window.start + Double(keepCount)
  let none = SIMD16<Float>(repeating: .nan)
  var (below, above) = (none, none)
  var sum = SIMD16<Double>(repeating: 0)
  for place in 0..<rowCount {
    let values = unsafe sorted[place]
    let index = SIMD16<Double>(repeating: Double(place))
    sum += SIMD16<Double>(repeating: 0).replacing(
      with: SIMD16<Double>(values), where: (index .>= window.start) .& (index .< end))
    window.low.replace(with: values, where: narrowed(index .== window.start))
    window.high.replace(with: values, where: narrowed(index + 1 .== end))
    below.replace(with: values, where: narrowed(index + 1 .== window.start))
    above.replace(with: values, where: narrowed(index .== end))
  }
  window.mean = sum / Double(keepCount)
  window.isTied = (below .== window.low) .| (above .== window.high)
  return window
}

@inline(__always)
private func narrowed(
  _ mask: SIMDMask<SIMD16<Double>.MaskStorage>
) -> SIMDMask<SIMD16<Float>.MaskStorage> {
  SIMD16<Float>(SIMD16<Double>(repeating: 0).replacing(with: 1, where: mask)) .== 1
}

/// Adds the kept part of each row in one column, equal values sharing what is kept of them.
private func addTied(
  _ space: Workspace, _ window: Window, lane: Int, rowCount: Int, keepCount: Int,
  into shares: UnsafeMutablePointer<Double>
) {
  let (low, high) = (window.low[lane], window.high[lane])
  let start = Int(window.start[lane])
  let end = start &+ keepCount
  var below = (low: 0, high: 0)
  var equal = (low: 0, high: 0)
  for row in 0..<rowCount {
    let value = unsafe space.raw[row][lane]
    if value < low { below.low &+= 1 }
    if value == low { equal.low &+= 1 }
    if value < high { below.high &+= 1 }
    if value == high { equal.high &+= 1 }
  }
  // In sorted order a value with b below and e equal ones is at b ..< b + e.
  let lowPart = Double(min(below.low &+ equal.low, end) &- start) / Double(equal.low)
  let highPart = Double(end &- max(below.high, start)) / Double(equal.high)
  for row in 0..<rowCount {
    let value = unsafe space.raw[row][lane]
    guard value >= low && value <= high else { continue }
    unsafe shares[row] += value == low ? lowPart : value == high ? highPart : 1
  }
}

/// Reads up to sixteen columns of the chosen rows, −0 as +0; missing columns are 0.
@inline(__always)
private func load(
  _ source: UnsafePointer<Float>, stride: Int, count: Int, rows: [Int], into space: Workspace
) {
  for place in 0..<rows.count {
    let pointer = unsafe source + rows[place] &* stride
    var values = SIMD16<Float>(repeating: 0)
    if count == laneCount {
      // Adding +0 turns −0 into +0 and leaves every other value.
      values = unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<Float>.self) + 0
    } else {
      for i in 0..<count { unsafe values[i] = pointer[i] + 0 }
    }
    unsafe space.raw[place] = values
    unsafe space.sorted[place] = values
  }
}

/// Columns `columns`: writes their means and adds what is kept of each chosen row to `shares`.
private func evaluatePiece(
  _ matrix: UnsafePointer<Float>, _ columnCount: Int, _ columns: Range<Int>, _ rows: [Int],
  _ keepCount: Int, _ steps: UnsafeBufferPointer<SortingNetwork.Step>, _ space: Workspace,
  _ mean: UnsafeMutablePointer<Float>, _ shares: UnsafeMutablePointer<Double>
) {
  let rowCount = rows.count
  for row in 0..<rowCount { unsafe space.counts[row] = SIMD16(repeating: 0) }
  for column in stride(from: columns.lowerBound, to: columns.upperBound, by: laneCount) {
    let count = min(laneCount, columns.upperBound - column)
    unsafe load(matrix + column, stride: columnCount, count: count, rows: rows, into: space)
    unsafe SortingNetwork.sort(space.sorted, by: steps)
    let window = unsafe findWindow(space.sorted, rowCount: rowCount, keepCount: keepCount)
    let result = SIMD16<Float>(window.mean)
    // Missing columns have values that must not count: lane by lane, as columns with ties.
    var isSingle = window.isTied
    if count == laneCount {
      unsafe UnsafeMutableRawPointer(mean + column).storeBytes(of: result, as: SIMD16<Float>.self)
    } else {
      for lane in 0..<count { unsafe mean[column + lane] = result[lane] }
      isSingle = SIMDMask(repeating: true)
    }
    for row in 0..<rowCount {
      let values = unsafe space.raw[row]
      let isKept = (values .>= window.low) .& (values .<= window.high) .& .!isSingle
      unsafe space.counts[row] += SIMD16<Float>(repeating: 0).replacing(with: 1, where: isKept)
    }
    guard any(isSingle) else { continue }
    for lane in 0..<count where isSingle[lane] {
      unsafe addTied(
        space, window, lane: lane, rowCount: rowCount, keepCount: keepCount, into: shares)
    }
  }
  for row in 0..<rowCount {
    unsafe shares[row] += SIMD16<Double>(space.counts[row]).sum()
  }
}

extension Float {
  /// Writes the mean of the values of each column that lie nearest to the column's median, over
  /// some of the rows, and the share of all that is kept which comes from each of those rows.
  ///
  /// The median of an even number of values is half the sum of the middle two, in double precision.
  /// *Ties*: of two values equally far from it the lower one is kept first; equal values share what
  /// is kept of them equally. What is kept is added in ascending order of value from +0 and divided
  /// once. −0 is read as +0. A share is the row's kept parts, divided by `keepCount` and by the
  /// number of columns; no columns give equal shares. The sizes alone split the work.
  ///
  /// - Parameters:
  ///   - matrix: `rowCount × columnCount`, row-major.
  ///   - rowCount: The number of rows of the matrix.
  ///   - columnCount: The number of columns.
  ///   - rows: The rows that count, each once.
  ///   - keepCount: The number of values to average in each column.
  ///   - pool: What runs the pieces.
  ///   - mean: `columnCount` values.
  ///   - shares: One per entry of `rows`.
  /// - Precondition: `1 <= keepCount <= rows.count`; the spans hold exactly as many values; all are
  ///   finite (not checked).
  /// - Complexity: O(m log² m × `columnCount`) for m chosen rows, O(m × `columnCount` / 4096) extra
  ///   memory.
  public static func columnMeanAroundMedian(
    _ matrix: Span<Float>, rowCount: Int, columnCount: Int, rows: [Int], keepCount: Int,
    pool: WorkPool, into mean: inout MutableSpan<Float>, shares: inout MutableSpan<Double>
  ) {
    checkMatrix(
      "columnMeanAroundMedian", matrix.count, rowCount: rowCount, columnCount: columnCount,
      outputCount: mean.count)
    precondition(
      keepCount >= 1 && keepCount <= rows.count && shares.count == rows.count,
      "columnMeanAroundMedian: \(keepCount) of \(rows.count) rows kept, \(shares.count) shares")
    precondition(
      rows.allSatisfy { $0 >= 0 && $0 < rowCount },
      "columnMeanAroundMedian: rows \(rows) of \(rowCount)")
    let pieceCount = (columnCount + pieceSize - 1) / pieceSize
    var partial = [Double](repeating: 0, count: pieceCount * rows.count)
    let network = SortingNetwork(count: rows.count)
    unsafe matrix.withUnsafeBufferPointer { matrix in
      unsafe mean.withUnsafeMutableBufferPointer { mean in
        unsafe partial.withUnsafeMutableBufferPointer { partial in
          guard let source = matrix.baseAddress, let target = mean.baseAddress,
            let first = partial.baseAddress
          else { return }
          nonisolated(unsafe) let values = unsafe source
          nonisolated(unsafe) let output = unsafe target
          nonisolated(unsafe) let kept = unsafe first
          pool.run(pieceCount) { _, piece in
            let end = min((piece + 1) * pieceSize, columnCount)
            unsafe network.steps.withUnsafeBufferPointer { steps in
              unsafe withUnsafeTemporaryAllocation(
                of: SIMD16<Float>.self, capacity: 3 * rows.count
              ) {
                guard let base = $0.baseAddress else { return }
                let space = unsafe Workspace(
                  raw: base, sorted: base + rows.count, counts: base + 2 * rows.count)
                unsafe evaluatePiece(
                  values, columnCount, piece * pieceSize..<end, rows, keepCount, steps, space,
                  output, kept + piece * rows.count)
              }
            }
          }
        }
      }
    }
    for row in rows.indices {
      var sum = 0.0
      for piece in 0..<pieceCount { sum += partial[piece * rows.count + row] }
      shares[row] =
        columnCount == 0 ? 1 / Double(rows.count) : sum / Double(keepCount) / Double(columnCount)
    }
  }
}
