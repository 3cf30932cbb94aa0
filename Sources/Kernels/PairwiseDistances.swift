public import Determinism

/// The columns of one block: the block of `Scalar`'s reductions, so that both round alike.
private let blockSize = 1024
/// The most bytes of the blocks that all pairs of rows go through before the next ones are read from
/// memory, unless that is less than one block.
private let passBytes = 1 << 22
/// The rows of one side of a group of pairs.
private let groupSize = 3
/// The columns of a half of a block: lanes 0 to 3, or 4 to 7, of eight.
private let halfSize = blockSize / 2
/// Below this many products a piece of work costs less than handing it to a thread.
private let inlineLimit = 1 << 18

/// The rows of one side of a piece of work, whole groups: the more, the fewer times each is widened.
private func tileSize(_ rowCount: Int) -> Int { rowCount < 24 ? 12 : 24 }

/// Reading eight values as `Double`, written for each type: the generic conversion of vectors is too
/// large for the compiler to inline into the loops below.
private protocol Widening: Scalar {
  static func widen(_ pointer: UnsafePointer<Self>) -> SIMD8<Double>
}

extension Float: Widening {
  @inline(__always)
  fileprivate static func widen(_ pointer: UnsafePointer<Float>) -> SIMD8<Double> {
    let x = unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
    return SIMD8(
      Double(x[0]), Double(x[1]), Double(x[2]), Double(x[3]),
      Double(x[4]), Double(x[5]), Double(x[6]), Double(x[7]))
  }
}

extension Double: Widening {
  @inline(__always)
  fileprivate static func widen(_ pointer: UnsafePointer<Double>) -> SIMD8<Double> {
    unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Double>.self)
  }
}

/// What a distance adds up.
private protocol DistanceTerm: SendableMetatype {
  /// Adds what the differences of four columns give.
  static func add(_ difference: SIMD4<Double>, to lanes: SIMD4<Double>) -> SIMD4<Double>
}

/// Squared differences, of the Euclidean distance.
private enum Squares: DistanceTerm {
  @inline(__always)
  static func add(_ difference: SIMD4<Double>, to lanes: SIMD4<Double>) -> SIMD4<Double> {
    lanes.addingProduct(difference, difference)
  }
}

/// Magnitudes of differences, of the Manhattan distance.
private enum Magnitudes: DistanceTerm {
  @inline(__always)
  static func add(_ difference: SIMD4<Double>, to lanes: SIMD4<Double>) -> SIMD4<Double> {
    lanes + magnitudes(difference)
  }
}

/// Writes one block of a row as `Double`: the lower four of every eight values, then the upper ones.
@inline(__always)
private func widenBlock<S: Widening>(
  _ source: UnsafePointer<S>, count: Int, into target: UnsafeMutablePointer<Double>
) {
  let lower = UnsafeMutableRawPointer(target)
  let upper = unsafe UnsafeMutableRawPointer(target + halfSize)
  var i = 0
  while i < count {
    let x: SIMD8<Double>
    if i &+ 8 <= count {
      x = unsafe S.widen(source + i)
    } else {
      x = unsafe widened(source + i, count: count &- i)
    }
    unsafe lower.storeBytes(
      of: SIMD4(x[0], x[1], x[2], x[3]), toByteOffset: 4 &* i, as: SIMD4<Double>.self)
    unsafe upper.storeBytes(
      of: SIMD4(x[4], x[5], x[6], x[7]), toByteOffset: 4 &* i, as: SIMD4<Double>.self)
    i &+= 8
  }
}

/// The last values of a block, with zeros behind, which add nothing.
@inline(never)
private func widened<S: Widening>(_ pointer: UnsafePointer<S>, count: Int) -> SIMD8<Double> {
  var lanes = SIMD8<Double>(repeating: 0)
  for i in 0..<count { unsafe lanes[i] = Double(pointer[i]) }
  return lanes
}

@inline(__always)
private func load(_ pointer: UnsafePointer<Double>) -> SIMD4<Double> {
  unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Double>.self)
}

/// Adds up half a block of three rows against three others: four lanes for each pair.
@inline(__always)
private func halfSums<T: DistanceTerm>(
  _ term: T.Type, _ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>, count: Int
) -> InlineArray<9, SIMD4<Double>> {
  var sums = InlineArray<9, SIMD4<Double>>(repeating: SIMD4(repeating: 0))
  let (a, b, c) = unsafe (first, first + blockSize, first + 2 &* blockSize)
  let (d, e, f) = unsafe (second, second + blockSize, second + 2 &* blockSize)
  var i = 0
  while i < count {
    let right = unsafe (load(d + i), load(e + i), load(f + i))
    let left = unsafe (load(a + i), load(b + i), load(c + i))
    unsafe sums[unchecked: 0] = T.add(left.0 - right.0, to: sums[unchecked: 0])
    unsafe sums[unchecked: 1] = T.add(left.0 - right.1, to: sums[unchecked: 1])
    unsafe sums[unchecked: 2] = T.add(left.0 - right.2, to: sums[unchecked: 2])
    unsafe sums[unchecked: 3] = T.add(left.1 - right.0, to: sums[unchecked: 3])
    unsafe sums[unchecked: 4] = T.add(left.1 - right.1, to: sums[unchecked: 4])
    unsafe sums[unchecked: 5] = T.add(left.1 - right.2, to: sums[unchecked: 5])
    unsafe sums[unchecked: 6] = T.add(left.2 - right.0, to: sums[unchecked: 6])
    unsafe sums[unchecked: 7] = T.add(left.2 - right.1, to: sums[unchecked: 7])
    unsafe sums[unchecked: 8] = T.add(left.2 - right.2, to: sums[unchecked: 8])
    i &+= 4
  }
  return sums
}

@inline(__always)
private func total(_ low: SIMD4<Double>, _ high: SIMD4<Double>) -> Double {
  ((low[0] + high[0]) + (low[2] + high[2])) + ((low[1] + high[1]) + (low[3] + high[3]))
}

/// Adds one block of the pairs (i, j), i in `rows`, j in `others`, i < j, to their distances.
///
/// `first` and `second` are their widened blocks, with room for whole groups.
@inline(__always)
private func addTile<T: DistanceTerm>(
  _ term: T.Type, _ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>, halfCount: Int,
  rows: Range<Int>, others: Range<Int>, into distances: UnsafeMutablePointer<Double>, rowCount: Int
) {
  for i in stride(from: rows.lowerBound, to: rows.upperBound, by: groupSize) {
    let left = unsafe first + (i &- rows.lowerBound) &* blockSize
    let start = rows == others ? i : others.lowerBound
    for j in stride(from: start, to: others.upperBound, by: groupSize) {
      let right = unsafe second + (j &- others.lowerBound) &* blockSize
      let low = unsafe halfSums(term, left, right, count: halfCount)
      let high = unsafe halfSums(term, left + halfSize, right + halfSize, count: halfCount)
      for r in 0..<min(groupSize, rows.upperBound &- i) {
        for c in 0..<min(groupSize, others.upperBound &- j) where i &+ r < j &+ c {
          let pair = r &* groupSize &+ c
          unsafe distances[(i &+ r) &* rowCount &+ j &+ c] += total(
            low[unchecked: pair], high[unchecked: pair])
        }
      }
    }
  }
}

/// Writes zeros for the rows that only fill up the last group.
private func fillGroup(_ tile: UnsafeMutablePointer<Double>, _ rowCount: Int) {
  let missing = (groupSize - rowCount % groupSize) % groupSize
  unsafe (tile + rowCount * blockSize).initialize(repeating: 0, count: missing * blockSize)
}

/// Some blocks of all pairs (i, j), i in `rows`, j in `others`, i < j; row i begins at `starts[i]`.
@inline(__always)
private func addBlocks<S: Widening, T: DistanceTerm>(
  _ term: T.Type, _ matrix: UnsafePointer<S>, starts: UnsafePointer<Int>, columns: Range<Int>,
  rows: Range<Int>,
  others: Range<Int>, tileSize: Int, into distances: UnsafeMutablePointer<Double>, rowCount: Int
) {
  let capacity = 2 * tileSize * blockSize
  unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: capacity) { scratch in
    guard let first = scratch.baseAddress else { return }
    let second = unsafe rows == others ? first : first + tileSize * blockSize
    unsafe fillGroup(first, rows.count)
    unsafe fillGroup(second, others.count)
    for column in stride(from: columns.lowerBound, to: columns.upperBound, by: blockSize) {
      let count = min(blockSize, columns.upperBound - column)
      for row in rows {
        unsafe widenBlock(
          matrix + (starts[row] + column), count: count,
          into: first + (row - rows.lowerBound) * blockSize)
      }
      if rows != others {
        for row in others {
          unsafe widenBlock(
            matrix + (starts[row] + column), count: count,
            into: second + (row - others.lowerBound) * blockSize)
        }
      }
      unsafe addTile(
        term, first, second, halfCount: (count + 7) / 8 * 4, rows: rows, others: others,
        into: distances, rowCount: rowCount)
    }
  }
}

@inline(__always)
private func computeDistances<S: Widening, T: DistanceTerm>(
  _ term: T.Type, _ matrix: Span<S>, _ rowCount: Int, _ columnCount: Int, _ pool: WorkPool,
  _ distances: inout MutableSpan<Double>
) {
  checkDistances(matrix.count, distances.count, rowCount: rowCount, columnCount: columnCount)
  let starts = (0..<rowCount).map { $0 * columnCount }
  computeDistances(term, matrix, starts, columnCount, pool, &distances)
}

/// Those between rows that begin at the given places.
@inline(__always)
private func computeDistances<S: Widening, T: DistanceTerm>(
  _ term: T.Type, _ matrix: Span<S>, _ starts: [Int], _ columnCount: Int, _ pool: WorkPool,
  _ distances: inout MutableSpan<Double>
) {
  let rowCount = starts.count
  unsafe distances.withUnsafeMutableBufferPointer { output in
    unsafe output.update(repeating: 0)
    unsafe matrix.withUnsafeBufferPointer { matrix in
      guard let base = matrix.baseAddress, let target = output.baseAddress else { return }
      nonisolated(unsafe) let values = unsafe base
      nonisolated(unsafe) let sums = unsafe target
      let tileSize = tileSize(rowCount)
      let tileCount = (rowCount + tileSize - 1) / tileSize
      let isSmall = rowCount * rowCount * columnCount < inlineLimit
      let pool = isSmall ? WorkPool(width: 1) : pool
      let blockBytes = blockSize * max(rowCount, 1) * MemoryLayout<S>.stride
      let passSize = blockSize * max(passBytes / blockBytes, 1)
      for pass in stride(from: 0, to: columnCount, by: passSize) {
        let columns = pass..<min(pass + passSize, columnCount)
        pool.run(tileCount * (tileCount + 1) / 2) { _, index in
          let (row, other) = pairOfTiles(index)
          unsafe starts.withUnsafeBufferPointer { starts in
            guard let starts = starts.baseAddress else { return }
            unsafe addBlocks(
              term, values, starts: starts, columns: columns,
              rows: row * tileSize..<min((row + 1) * tileSize, rowCount),
              others: other * tileSize..<min((other + 1) * tileSize, rowCount),
              tileSize: tileSize, into: sums, rowCount: rowCount)
          }
        }
      }
      for i in 0..<rowCount {
        for j in 0..<i { unsafe target[i * rowCount + j] = target[j * rowCount + i] }
      }
    }
  }
}

/// Refuses sizes that do not fit together.
func checkDistances(_ count: Int, _ distanceCount: Int, rowCount: Int, columnCount: Int) {
  precondition(
    rowCount >= 0 && columnCount >= 0 && count == rowCount * columnCount
      && distanceCount == rowCount * rowCount,
    """
    pairwiseSquaredDistances: \(rowCount) × \(columnCount) with \(count) values and \
    \(distanceCount) distances
    """)
}

/// Returns the pair (i, j) with i <= j at a position of (0, 0), (0, 1), (1, 1), (0, 2) and so on.
func pairOfTiles(_ index: Int) -> (Int, Int) {
  // Exact after rounding, but for one off where the root is close to a whole number.
  var last = Int(((8 * Double(index) + 1).squareRoot() - 1) / 2)
  while last * (last + 1) / 2 > index { last -= 1 }
  while (last + 1) * (last + 2) / 2 <= index { last += 1 }
  return (index - last * (last + 1) / 2, last)
}

extension Float {
  /// Writes all squared distances between rows, each with the bits of `squaredDistance`.
  ///
  /// For figures that need more than the seven digits of `pairwiseSquaredDistances`, at about
  /// twice its cost; otherwise the same.
  ///
  /// - Parameters:
  ///   - matrix: `rowCount × columnCount`.
  ///   - rowCount: The number of rows.
  ///   - columnCount: The number of columns; 0 gives zeros.
  ///   - pool: What runs the pieces.
  ///   - distances: `rowCount × rowCount`, symmetric with a zero diagonal afterwards.
  /// - Precondition: The spans hold exactly as many values.
  /// - Complexity: O(`rowCount`² × `columnCount`); the matrix is read from memory about once.
  public static func exactPairwiseSquaredDistances(
    _ matrix: Span<Float>, rowCount: Int, columnCount: Int, pool: WorkPool,
    into distances: inout MutableSpan<Double>
  ) {
    computeDistances(Squares.self, matrix, rowCount, columnCount, pool, &distances)
  }

  /// Writes the squared distances between some rows, each with the bits of `squaredDistance`.
  ///
  /// - Parameters:
  ///   - rows: The rows, in any order.
  ///   - matrix: A whole number of rows of `columnCount` values.
  ///   - columnCount: The number of columns; 0 gives zeros.
  ///   - pool: What runs the pieces.
  ///   - distances: `rows.count × rows.count`, symmetric with a zero diagonal afterwards.
  /// - Precondition: The rows lie in the matrix, and the distances are as many as they should be.
  /// - Complexity: O(`rows.count`² × `columnCount`); these rows are read from memory about once.
  public static func exactPairwiseSquaredDistances(
    ofRows rows: [Int], of matrix: Span<Float>, columnCount: Int, pool: WorkPool,
    into distances: inout MutableSpan<Double>
  ) {
    precondition(
      columnCount >= 0 && distances.count == rows.count * rows.count
        && rows.allSatisfy { $0 >= 0 && ($0 + 1) * columnCount <= matrix.count },
      """
      pairwiseSquaredDistances: \(rows.count) rows of \(columnCount) columns, \(matrix.count) \
      values and \(distances.count) distances
      """)
    computeDistances(
      Squares.self, matrix, rows.map { $0 * columnCount }, columnCount, pool, &distances)
  }

  /// Writes all Manhattan distances between rows: `Σ |x[i] − y[i]|`, in `Double` and in the order of
  /// the reductions of `Scalar`.
  ///
  /// - Parameters:
  ///   - matrix: `rowCount × columnCount`.
  ///   - rowCount: The number of rows.
  ///   - columnCount: The number of columns; 0 gives zeros.
  ///   - pool: What runs the pieces.
  ///   - distances: `rowCount × rowCount`, symmetric with a zero diagonal afterwards.
  /// - Precondition: The spans hold exactly as many values.
  /// - Complexity: O(`rowCount`² × `columnCount`); the matrix is read from memory about once.
  public static func pairwiseManhattanDistances(
    _ matrix: Span<Float>, rowCount: Int, columnCount: Int, pool: WorkPool,
    into distances: inout MutableSpan<Double>
  ) {
    computeDistances(Magnitudes.self, matrix, rowCount, columnCount, pool, &distances)
  }
}

extension Double {
  public static func pairwiseSquaredDistances(
    _ matrix: Span<Double>, rowCount: Int, columnCount: Int, pool: WorkPool,
    into distances: inout MutableSpan<Double>
  ) {
    computeDistances(Squares.self, matrix, rowCount, columnCount, pool, &distances)
  }
}
