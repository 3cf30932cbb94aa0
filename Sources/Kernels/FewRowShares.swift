import Determinism

/// The columns of one piece of work, as where there are more rows.
private let pieceSize = 4096

/// `Float.columnTrimmedMean(_:rowCount:…:shares:)` for no more rows than `ColumnSorter` takes, with the
/// bits of the general form: what equal values share is added in its order.
struct FewRowShares: Sendable {
  let rowCount: Int
  let columnCount: Int
  let trimCount: Int

  /// What a piece adds up.
  @unsafe private struct Sums {
    /// How often each row was kept in columns without equal values at a cut, two vectors a row.
    let counts: UnsafeMutablePointer<SIMD8<Int32>>
    /// For those with some.
    let tied: TrimWorkspace<Float>
    let shares: UnsafeMutablePointer<Double>
  }

  func evaluate(
    _ matrix: Span<Float>, _ pool: WorkPool, _ mean: inout MutableSpan<Float>,
    _ shares: inout MutableSpan<Double>
  ) {
    checkShares(matrix.count, rowCount, columnCount, trimCount, mean.count, shares.count)
    let pieceCount = (columnCount + pieceSize - 1) / pieceSize
    var partial = [Double](repeating: 0, count: pieceCount * rowCount)
    // The values at the cuts, on either side.
    let columns = SortedColumns(
      rowCount: rowCount, columnCount: columnCount,
      rows: max(0, trimCount - 1)...min(rowCount - 1, rowCount - trimCount))
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
            let range = piece * pieceSize..<min((piece + 1) * pieceSize, columnCount)
            unsafe withSums(kept + piece * rowCount) { sums in
              unsafe columns.forEachSixteen(of: values, in: range) { group in
                unsafe evaluate(group, output + group.column, sums)
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

  @inline(__always)
  private func withSums(_ shares: UnsafeMutablePointer<Double>, _ body: (Sums) -> Void) {
    unsafe withUnsafeTemporaryAllocation(of: SIMD16<Float>.self, capacity: 4 * rowCount) {
      guard let base = $0.baseAddress else { return }
      unsafe withUnsafeTemporaryAllocation(of: SIMD16<Double>.self, capacity: rowCount) {
        guard let parts = $0.baseAddress else { return }
        let counts = unsafe UnsafeMutableRawPointer(base + 3 * rowCount)
          .bindMemory(to: SIMD8<Int32>.self, capacity: 2 * rowCount)
        let tied = unsafe TrimWorkspace(
          raw: base, sorted: base + rowCount, counts: base + 2 * rowCount, parts: parts)
        for row in 0..<rowCount {
          unsafe tied.counts[row] = SIMD16(repeating: 0)
          unsafe tied.parts[row] = SIMD16(repeating: 0)
          unsafe counts[2 * row] = SIMD8(repeating: 0)
          unsafe counts[2 * row + 1] = SIMD8(repeating: 0)
        }
        unsafe body(Sums(counts: counts, tied: tied, shares: shares))
        for row in 0..<rowCount {
          let count = unsafe (counts[2 * row] &+ counts[2 * row + 1]).wrappedSum()
          unsafe shares[row] += SIMD16<Double>(tied.counts[row]).sum() + Double(count)
          for lane in 0..<16 { unsafe shares[row] += tied.parts[row][lane] }
        }
      }
    }
  }

  /// Writes the means of sixteen columns and adds what is kept of each row.
  @inline(__always)
  private func evaluate(
    _ group: SortedColumns.Group, _ mean: UnsafeMutablePointer<Float>, _ sums: Sums
  ) {
    var isTied = SIMD16<Int32>(repeating: 0)
    for half in 0..<2 {
      let keys = unsafe group.keys(half)
      let result = unsafe ColumnSorter.mean(keys, rows: trimCount..<rowCount &- trimCount)
      guard unsafe group.count == 16 else {
        for i in 0..<min(8, max(0, unsafe group.count &- 8 &* half)) {
          unsafe mean[8 &* half &+ i] = result[i]
        }
        continue
      }
      unsafe UnsafeMutableRawPointer(mean + 8 &* half).storeBytes(
        of: result, as: SIMD8<Float>.self)
      let tied = unsafe countKept(
        keys, group.source + 8 &* half, group.stride, sums.counts + half)
      if half == 0 { isTied.lowHalf = tied } else { isTied.highHalf = tied }
    }
    if unsafe group.count < 16 {
      unsafe copy(group, to: sums.tied)
      for lane in 0..<(unsafe group.count) {
        unsafe addTiedShares(sums.tied, lane: lane, rowCount, trimCount, into: sums.shares)
      }
    } else if any(isTied .!= 0) {
      unsafe copy(group, to: sums.tied)
      unsafe addTiedShares(sums.tied, isTied .!= 0, rowCount, trimCount)
    }
  }

  /// Counts which rows of eight columns are kept; returns 1 for each column with equal values at a
  /// cut, which is left out.
  @inline(__always)
  private func countKept(
    _ keys: UnsafePointer<ColumnSorter.Keys>, _ source: UnsafePointer<Float>, _ stride: Int,
    _ counts: UnsafeMutablePointer<SIMD8<Int32>>
  ) -> SIMD8<Int32> {
    let (zero, one) = (SIMD8<Int32>(repeating: 0), SIMD8<Int32>(repeating: 1))
    var low = unsafe ColumnSorter.values(keys[trimCount])
    let high = unsafe ColumnSorter.values(keys[rowCount &- trimCount &- 1])
    var tied = zero
    if trimCount > 0 {
      let below = unsafe ColumnSorter.values(keys[trimCount &- 1])
      let above = unsafe ColumnSorter.values(keys[rowCount &- trimCount])
      tied = zero.replacing(with: one, where: below .== low)
      tied = tied.replacing(with: one, where: above .== high)
      // No value is above NaN, so no row of such a column counts.
      low = low.replacing(with: .nan, where: tied .== one)
    }
    for row in 0..<rowCount {
      let values =
        unsafe UnsafeRawPointer(source + row &* stride).loadUnaligned(as: SIMD8<Float>.self)
      // Numbers instead of masks: combined masks are packed and unpacked.
      let isNotBelow = zero.replacing(with: one, where: values .>= low)
      unsafe counts[2 &* row] &+= zero.replacing(with: isNotBelow, where: values .<= high)
    }
    return tied
  }

  private func copy(_ group: SortedColumns.Group, to space: TrimWorkspace<Float>) {
    for row in 0..<rowCount {
      let raw = unsafe UnsafeRawPointer(group.source + row &* group.stride)
      unsafe space.raw[row] = raw.loadUnaligned(as: SIMD16<Float>.self) + 0
      unsafe space.sorted[row] = SIMD16(
        lowHalf: ColumnSorter.values(group.keys(0)[row]),
        highHalf: ColumnSorter.values(group.keys(1)[row]))
    }
  }
}
