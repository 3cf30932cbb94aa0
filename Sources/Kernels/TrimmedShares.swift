public import Determinism

/// The columns that are sorted side by side.
private let laneCount = 16
/// The columns of one piece of work.
private let pieceSize = 256 * laneCount

/// The rows of sixteen columns, before and after sorting, how often each row was kept, and the sum
/// of its parts where equal values share what is kept.
@unsafe struct TrimWorkspace<S: Scalar> {
  let raw: UnsafeMutablePointer<SIMD16<S>>
  let sorted: UnsafeMutablePointer<SIMD16<S>>
  let counts: UnsafeMutablePointer<SIMD16<S>>
  let parts: UnsafeMutablePointer<SIMD16<Double>>
}

/// The steps that are written for each type.
@unsafe private struct Concrete<S: Scalar>: Sendable {
  let sort:
    @Sendable (UnsafeMutablePointer<SIMD16<S>>, UnsafeBufferPointer<SortingNetwork.Step>) -> Void
  let countKept:
    @Sendable (TrimWorkspace<S>, _ rowCount: Int, _ trimCount: Int)
      -> SIMDMask<SIMD16<S>.MaskStorage>
  let addTied:
    @Sendable (
      TrimWorkspace<S>, SIMDMask<SIMD16<S>.MaskStorage>, _ rowCount: Int, _ trimCount: Int,
      _ shares: UnsafeMutablePointer<Double>
    ) -> Void
}

/// Reads up to sixteen columns of all rows, −0 as +0; missing columns are 0.
@inline(__always)
private func load<S: Scalar>(
  _ source: UnsafePointer<S>, stride: Int, count: Int, rowCount: Int, into space: TrimWorkspace<S>
) {
  for row in 0..<rowCount {
    let pointer = unsafe source + row &* stride
    var values = SIMD16<S>(repeating: 0)
    if count == laneCount {
      // Adding +0 turns −0 into +0 and leaves every other value.
      values = unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<S>.self) + 0
    } else {
      for i in 0..<count { unsafe values[i] = pointer[i] + 0 }
    }
    unsafe space.raw[row] = values
    unsafe space.sorted[row] = values
  }
}

// Generic vector comparisons go lane by lane, so what compares is written for each type.

/// Counts, for columns without equal values at a cut, which rows are kept.
///
/// Returns the columns that have such ties, which are left out.
@inline(__always)
private func countKept(
  _ space: TrimWorkspace<Float>, _ rowCount: Int, _ trimCount: Int
) -> SIMDMask<SIMD16<Float>.MaskStorage> {
  let low = unsafe space.sorted[trimCount]
  let high = unsafe space.sorted[rowCount &- trimCount &- 1]
  var isTied = SIMDMask<SIMD16<Float>.MaskStorage>(repeating: false)
  if trimCount > 0 {
    isTied = unsafe (space.sorted[trimCount &- 1] .== low)
      .| (high .== space.sorted[rowCount &- trimCount])
  }
  let zero = SIMD16<Float>(repeating: 0)
  let one = SIMD16<Float>(repeating: 1).replacing(with: 0, where: isTied)
  for row in 0..<rowCount {
    let values = unsafe space.raw[row]
    let isNotBelow = zero.replacing(with: one, where: values .>= low)
    unsafe space.counts[row] += zero.replacing(with: isNotBelow, where: values .<= high)
  }
  return isTied
}

@inline(__always)
private func countKept(
  _ space: TrimWorkspace<Double>, _ rowCount: Int, _ trimCount: Int
) -> SIMDMask<SIMD16<Double>.MaskStorage> {
  let low = unsafe space.sorted[trimCount]
  let high = unsafe space.sorted[rowCount &- trimCount &- 1]
  var isTied = SIMDMask<SIMD16<Double>.MaskStorage>(repeating: false)
  if trimCount > 0 {
    isTied = unsafe (space.sorted[trimCount &- 1] .== low)
      .| (high .== space.sorted[rowCount &- trimCount])
  }
  for row in 0..<rowCount {
    let values = unsafe space.raw[row]
    let isKept = (values .>= low) .& (values .<= high) .& .!isTied
    unsafe space.counts[row] += SIMD16<Double>(repeating: 0).replacing(with: 1, where: isKept)
  }
  return isTied
}

/// Written out: the generic conversion of vectors is too large for the compiler to inline.
@inline(__always)
private func widen(_ x: SIMD16<Float>) -> SIMD16<Double> {
  SIMD16(
    Double(x[0]), Double(x[1]), Double(x[2]), Double(x[3]),
    Double(x[4]), Double(x[5]), Double(x[6]), Double(x[7]),
    Double(x[8]), Double(x[9]), Double(x[10]), Double(x[11]),
    Double(x[12]), Double(x[13]), Double(x[14]), Double(x[15]))
}

/// Adds the kept part of each row in the tied columns, as `addTiedShares` does for one.
func addTiedShares(
  _ space: TrimWorkspace<Float>, _ isTied: SIMDMask<SIMD16<Float>.MaskStorage>, _ rowCount: Int,
  _ trimCount: Int
) {
  let low = unsafe space.sorted[trimCount]
  let high = unsafe space.sorted[rowCount &- trimCount &- 1]
  let zero = SIMD16<Float>(repeating: 0)
  // In sorted order a value with b below and e equal ones is at b ..< b + e.
  var (belowLow, equalLow, aboveHigh, equalHigh) = (zero, zero, zero, zero)
  for row in 0..<trimCount {
    belowLow += unsafe zero.replacing(with: 1, where: space.sorted[row] .!= low)
    aboveHigh += unsafe zero.replacing(
      with: 1, where: space.sorted[rowCount &- 1 &- row] .!= high)
  }
  for row in 0..<rowCount {
    let values = unsafe space.sorted[row]
    equalLow += zero.replacing(with: 1, where: values .== low)
    equalHigh += zero.replacing(with: 1, where: values .== high)
  }
  let keptCount = SIMD16<Float>(repeating: Float(rowCount &- 2 &* trimCount))
  let trimmed = SIMD16<Float>(repeating: Float(trimCount))
  let keptLow = belowLow + equalLow - trimmed
  let keptHigh = aboveHigh + equalHigh - trimmed
  let lowPart =
    widen(keptLow.replacing(with: keptCount, where: keptLow .> keptCount)) / widen(equalLow)
  let highPart =
    widen(keptHigh.replacing(with: keptCount, where: keptHigh .> keptCount)) / widen(equalHigh)
  // Numbers instead of masks: combined masks are packed and unpacked.
  let one = zero.replacing(with: 1, where: isTied)
  for row in 0..<rowCount {
    let values = unsafe space.raw[row]
    let isLow = zero.replacing(with: one, where: values .== low)
    let isHigh = zero.replacing(with: one - isLow, where: values .== high)
    let isAboveLow = zero.replacing(with: one, where: values .> low)
    unsafe space.counts[row] += zero.replacing(with: isAboveLow, where: values .< high)
    unsafe space.parts[row] = space.parts[row]
      .addingProduct(widen(isLow), lowPart).addingProduct(widen(isHigh), highPart)
  }
}

@inline(__always)
private func middleMean<S: Scalar>(
  _ sorted: UnsafeMutablePointer<SIMD16<S>>, _ rowCount: Int, _ trimCount: Int
) -> SIMD16<S> {
  var sum = SIMD16<Double>(repeating: 0)
  for row in trimCount..<(rowCount &- trimCount) {
    unsafe sum += SIMD16<Double>(sorted[row])
  }
  return SIMD16<S>(sum / Double(rowCount &- 2 &* trimCount))
}

/// Adds the kept part of each row in one column, equal values sharing what is kept of them.
@inline(__always)
func addTiedShares<S: Scalar>(
  _ space: TrimWorkspace<S>, lane: Int, _ rowCount: Int, _ trimCount: Int,
  into shares: UnsafeMutablePointer<Double>
) {
  let low = unsafe space.sorted[trimCount][lane]
  let high = unsafe space.sorted[rowCount &- trimCount &- 1][lane]
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
  let end = rowCount &- trimCount
  let lowPart =
    Double(min(below.low &+ equal.low, end) &- trimCount) / Double(equal.low)
  let highPart = Double(end &- max(below.high, trimCount)) / Double(equal.high)
  for row in 0..<rowCount {
    let value = unsafe space.raw[row][lane]
    guard value >= low && value <= high else { continue }
    unsafe shares[row] += value == low ? lowPart : value == high ? highPart : 1
  }
}

/// Columns `start ..< end`: writes their means and adds what is kept of each row to `shares`.
@inline(__always)
private func evaluatePiece<S: Scalar>(
  _ matrix: UnsafePointer<S>, _ rowCount: Int, _ columnCount: Int, _ columns: Range<Int>,
  _ trimCount: Int, _ steps: UnsafeBufferPointer<SortingNetwork.Step>, _ space: TrimWorkspace<S>,
  _ concrete: Concrete<S>,
  _ mean: UnsafeMutablePointer<S>, _ shares: UnsafeMutablePointer<Double>
) {
  for row in 0..<rowCount {
    unsafe space.counts[row] = SIMD16(repeating: 0)
    unsafe space.parts[row] = SIMD16(repeating: 0)
  }
  for column in stride(from: columns.lowerBound, to: columns.upperBound, by: laneCount) {
    let count = min(laneCount, columns.upperBound - column)
    unsafe load(
      matrix + column, stride: columnCount, count: count, rowCount: rowCount, into: space)
    unsafe concrete.sort(space.sorted, steps)
    let result = unsafe middleMean(space.sorted, rowCount, trimCount)
    if count == laneCount {
      unsafe UnsafeMutableRawPointer(mean + column).storeBytes(of: result, as: SIMD16<S>.self)
      let isTied = unsafe concrete.countKept(space, rowCount, trimCount)
      if any(isTied) {
        unsafe concrete.addTied(space, isTied, rowCount, trimCount, shares)
      }
    } else {
      for lane in 0..<count {
        unsafe mean[column + lane] = result[lane]
        unsafe addTiedShares(space, lane: lane, rowCount, trimCount, into: shares)
      }
    }
  }
  for row in 0..<rowCount {
    unsafe shares[row] += SIMD16<Double>(space.counts[row]).sum()
    for lane in 0..<laneCount { unsafe shares[row] += space.parts[row][lane] }
  }
}

func checkShares(
  _ count: Int, _ rowCount: Int, _ columnCount: Int, _ trimCount: Int, _ outputCount: Int,
  _ shareCount: Int
) {
  checkMatrix(
    "columnTrimmedMean", count, rowCount: rowCount, columnCount: columnCount,
    outputCount: outputCount)
  precondition(
    trimCount >= 0 && trimCount < (rowCount + 1) / 2 && shareCount == rowCount,
    "columnTrimmedMean: \(trimCount) of \(rowCount) rows trimmed, \(shareCount) shares")
}

/// Each row's sum over the pieces, as a share of all that is kept.
func finishShares(
  _ partial: [Double], pieceCount: Int, rowCount: Int, columnCount: Int, trimCount: Int,
  into shares: inout MutableSpan<Double>
) {
  let keptCount = Double(rowCount - 2 * trimCount)
  for row in 0..<rowCount {
    var sum = 0.0
    for piece in 0..<pieceCount { sum += partial[piece * rowCount + row] }
    shares[row] = columnCount == 0 ? 1 / Double(rowCount) : sum / keptCount / Double(columnCount)
  }
}

@inline(__always)
private func evaluate<S: Scalar>(
  _ matrix: Span<S>, _ rowCount: Int, _ columnCount: Int, _ trimCount: Int, _ pool: WorkPool,
  _ mean: inout MutableSpan<S>, _ shares: inout MutableSpan<Double>, _ concrete: Concrete<S>
) {
  checkShares(matrix.count, rowCount, columnCount, trimCount, mean.count, shares.count)
  let pieceCount = (columnCount + pieceSize - 1) / pieceSize
  var partial = [Double](repeating: 0, count: pieceCount * rowCount)
  let network = SortingNetwork(count: rowCount)
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
            unsafe withUnsafeTemporaryAllocation(of: SIMD16<S>.self, capacity: 3 * rowCount) {
              guard let base = $0.baseAddress else { return }
              unsafe withUnsafeTemporaryAllocation(
                of: SIMD16<Double>.self, capacity: rowCount
              ) {
                guard let parts = $0.baseAddress else { return }
                let space = unsafe TrimWorkspace(
                  raw: base, sorted: base + rowCount, counts: base + 2 * rowCount, parts: parts)
                unsafe evaluatePiece(
                  values, rowCount, columnCount, piece * pieceSize..<end, trimCount, steps, space,
                  concrete, output, kept + piece * rowCount)
              }
            }
          }
        }
      }
    }
  }
  finishShares(
    partial, pieceCount: pieceCount, rowCount: rowCount, columnCount: columnCount,
    trimCount: trimCount, into: &shares)
}

extension Float {
  public static func columnTrimmedMean(
    _ matrix: Span<Float>, rowCount: Int, columnCount: Int, trimCount: Int, pool: WorkPool,
    into mean: inout MutableSpan<Float>, shares: inout MutableSpan<Double>
  ) {
    guard rowCount > ColumnSorter.mostRows else {
      return FewRowShares(rowCount: rowCount, columnCount: columnCount, trimCount: trimCount)
        .evaluate(matrix, pool, &mean, &shares)
    }
    unsafe evaluate(
      matrix, rowCount, columnCount, trimCount, pool, &mean, &shares,
      Concrete(
        sort: { unsafe SortingNetwork.sort($0, by: $1) },
        countKept: { unsafe countKept($0, $1, $2) },
        addTied: { (space, isTied, rowCount, trimCount, _) in
          unsafe addTiedShares(space, isTied, rowCount, trimCount)
        }))
  }
}

extension Double {
  public static func columnTrimmedMean(
    _ matrix: Span<Double>, rowCount: Int, columnCount: Int, trimCount: Int, pool: WorkPool,
    into mean: inout MutableSpan<Double>, shares: inout MutableSpan<Double>
  ) {
    unsafe evaluate(
      matrix, rowCount, columnCount, trimCount, pool, &mean, &shares,
      Concrete(
        sort: { unsafe SortingNetwork.sort($0, by: $1) },
        countKept: { unsafe countKept($0, $1, $2) },
        addTied: { (space, isTied, rowCount, trimCount, shares) in
          for lane in 0..<laneCount where isTied[lane] {
            unsafe addTiedShares(space, lane: lane, rowCount, trimCount, into: shares)
          }
        }))
  }
}
