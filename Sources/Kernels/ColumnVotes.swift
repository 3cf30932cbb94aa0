public import Determinism

/// The columns that are counted side by side.
private let laneCount = 16
/// The columns of one piece of work.
private let pieceSize = 256 * laneCount

/// Written out: the generic conversion of vectors is too large for the compiler to inline.
@inline(__always)
private func widen(_ x: SIMD16<Float>) -> SIMD16<Double> {
  SIMD16(
    Double(x[0]), Double(x[1]), Double(x[2]), Double(x[3]),
    Double(x[4]), Double(x[5]), Double(x[6]), Double(x[7]),
    Double(x[8]), Double(x[9]), Double(x[10]), Double(x[11]),
    Double(x[12]), Double(x[13]), Double(x[14]), Double(x[15]))
}

/// Up to sixteen columns of one row; missing columns are 0, which is no vote.
@inline(__always)
private func load(_ source: UnsafePointer<Float>, count: Int) -> SIMD16<Float> {
  if count == laneCount {
    return unsafe UnsafeRawPointer(source).loadUnaligned(as: SIMD16<Float>.self)
  }
  var values = SIMD16<Float>(repeating: 0)
  for lane in 0..<count { unsafe values[lane] = source[lane] }
  return values
}

/// Columns `columns`: writes their votes and adds to `shares` what each row has of the majorities.
private func countPiece(
  _ matrix: UnsafePointer<Float>, _ rowCount: Int, _ columnCount: Int, _ columns: Range<Int>,
  _ parts: UnsafeMutablePointer<SIMD16<Double>>, _ votes: UnsafeMutablePointer<Float>,
  _ shares: UnsafeMutablePointer<Double>
) {
  let (zero, one) = (SIMD16<Float>(repeating: 0), SIMD16<Float>(repeating: 1))
  for row in 0..<rowCount { unsafe parts[row] = SIMD16(repeating: 0) }
  for column in stride(from: columns.lowerBound, to: columns.upperBound, by: laneCount) {
    let count = min(laneCount, columns.upperBound - column)
    var (positive, negative) = (zero, zero)
    for row in 0..<rowCount {
      let values = unsafe load(matrix + (row &* columnCount &+ column), count: count)
      positive += zero.replacing(with: one, where: values .> zero)
      negative += zero.replacing(with: one, where: values .< zero)
    }
    let result = positive - negative
    for lane in 0..<count { unsafe votes[column + lane] = result[lane] }
    let direction = zero.replacing(with: one, where: result .> zero)
      .replacing(with: -one, where: result .< zero)
    let voters = one.replacing(with: positive, where: result .> zero)
      .replacing(with: negative, where: result .< zero)
    let part = SIMD16<Double>(repeating: 1) / widen(voters)
    for row in 0..<rowCount {
      let values = unsafe load(matrix + (row &* columnCount &+ column), count: count)
      let isWithIt = zero.replacing(with: one, where: values * direction .> zero)
      unsafe parts[row] = parts[row].addingProduct(widen(isWithIt), part)
    }
  }
  for row in 0..<rowCount {
    var sum = 0.0
    for lane in 0..<laneCount { unsafe sum += parts[row][lane] }
    unsafe shares[row] = sum
  }
}

extension Float {
  /// Writes how many more positive than negative values each column has, and the share that each row
  /// has in the majorities.
  ///
  /// ±0 is no vote. In a column with a majority the rows of its sign share 1 equally; a tied column
  /// gives nobody anything. A row's share is its sum over columns, divided by their number; no
  /// columns give equal shares. The sizes alone split the work.
  ///
  /// - Parameters:
  ///   - matrix: `rowCount × columnCount`, row-major.
  ///   - rowCount: The number of rows.
  ///   - columnCount: The number of columns.
  ///   - pool: What runs the pieces.
  ///   - votes: `columnCount` whole numbers in `-rowCount ... rowCount`.
  ///   - shares: One per row.
  /// - Precondition: `rowCount < 2^24`, so that votes are exact; the spans hold exactly as many
  ///   values; no value is NaN (not checked: it would be no vote).
  /// - Complexity: O(`rowCount` × `columnCount`), O(`rowCount` × `columnCount` / 4096) extra memory.
  public static func columnVotes(
    _ matrix: Span<Float>, rowCount: Int, columnCount: Int, pool: WorkPool,
    into votes: inout MutableSpan<Float>, shares: inout MutableSpan<Double>
  ) {
    checkMatrix(
      "columnVotes", matrix.count, rowCount: rowCount, columnCount: columnCount,
      outputCount: votes.count)
    precondition(
      rowCount < 1 << 24 && shares.count == rowCount,
      "columnVotes: \(rowCount) rows, \(shares.count) shares")
    let pieceCount = (columnCount + pieceSize - 1) / pieceSize
    var partial = [Double](repeating: 0, count: pieceCount * rowCount)
    unsafe matrix.withUnsafeBufferPointer { matrix in
      unsafe votes.withUnsafeMutableBufferPointer { votes in
        unsafe partial.withUnsafeMutableBufferPointer { partial in
          guard let source = matrix.baseAddress, let target = votes.baseAddress,
            let first = partial.baseAddress
          else { return }
          nonisolated(unsafe) let values = unsafe source
          nonisolated(unsafe) let output = unsafe target
          nonisolated(unsafe) let sums = unsafe first
          pool.run(pieceCount) { _, piece in
            let end = min((piece + 1) * pieceSize, columnCount)
            unsafe withUnsafeTemporaryAllocation(of: SIMD16<Double>.self, capacity: rowCount) {
              guard let parts = $0.baseAddress else { return }
              unsafe countPiece(
                values, rowCount, columnCount, piece * pieceSize..<end, parts, output,
                sums + piece * rowCount)
            }
          }
        }
      }
    }
    for row in 0..<rowCount {
      var sum = 0.0
      for piece in 0..<pieceCount { sum += partial[piece * rowCount + row] }
      shares[row] = columnCount == 0 ? 1 / Double(rowCount) : sum / Double(columnCount)
    }
  }
}
