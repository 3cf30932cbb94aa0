public import Determinism

/// The columns of one block: the block of `Scalar`'s reductions, so that both round alike.
private let blockSize = 1024
/// The blocks that all pairs of rows go through before the next ones are read from memory.
private let blocksPerPass = 16
/// The rows of one side of a piece of work.
private let tileSize = 8
/// Below this many products a piece of work costs less than handing it to a thread.
private let inlineLimit = 1 << 18

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
  /// Adds what the differences of eight columns give.
  static func add(_ difference: SIMD8<Double>, to lanes: SIMD8<Double>) -> SIMD8<Double>
}

/// Squared differences, of the Euclidean distance.
private enum Squares: DistanceTerm {
  @inline(__always)
  static func add(_ difference: SIMD8<Double>, to lanes: SIMD8<Double>) -> SIMD8<Double> {
    lanes.addingProduct(difference, difference)
  }
}

/// Magnitudes of differences, of the Manhattan distance.
private enum Magnitudes: DistanceTerm {
  @inline(__always)
  static func add(_ difference: SIMD8<Double>, to lanes: SIMD8<Double>) -> SIMD8<Double> {
    lanes + magnitudes(difference)
  }
}

/// Adds the block sums of `height × width` pairs of rows to their distances.
@inline(__always)
private func addBlock<S: Widening, T: DistanceTerm, let height: Int, let width: Int>(
  _ first: UnsafePointer<S>, _ second: UnsafePointer<S>, stride: Int, count: Int,
  into distances: UnsafeMutablePointer<Double>, stride distanceStride: Int, _: T.Type,
  _: InlineArray<height, Void>.Type, _: InlineArray<width, Void>.Type
) {
  let zero = SIMD8<Double>(repeating: 0)
  var sums = InlineArray<height, InlineArray<width, SIMD8<Double>>>(
    repeating: InlineArray<width, SIMD8<Double>>(repeating: zero))
  var i = 0
  while i &+ 8 <= count {
    var right = InlineArray<width, SIMD8<Double>>(repeating: zero)
    for c in 0..<width { unsafe right[unchecked: c] = S.widen(second + (c &* stride &+ i)) }
    for r in 0..<height {
      let left = unsafe S.widen(first + (r &* stride &+ i))
      for c in 0..<width {
        let difference = unsafe left - right[unchecked: c]
        unsafe sums[unchecked: r][unchecked: c] = T.add(
          difference, to: sums[unchecked: r][unchecked: c])
      }
    }
    i &+= 8
  }
  for r in 0..<height {
    for c in 0..<width {
      var lanes = unsafe sums[unchecked: r][unchecked: c]
      if i < count {
        let left = unsafe widened(first + (r &* stride &+ i), count: count &- i)
        let right = unsafe widened(second + (c &* stride &+ i), count: count &- i)
        lanes = T.add(left - right, to: lanes)
      }
      unsafe distances[r &* distanceStride &+ c] += total(lanes)
    }
  }
}

/// The last values of a block, with zeros behind.
@inline(never)
private func widened<S: Widening>(_ pointer: UnsafePointer<S>, count: Int) -> SIMD8<Double> {
  var lanes = SIMD8<Double>(repeating: 0)
  for i in 0..<count { unsafe lanes[i] = Double(pointer[i]) }
  return lanes
}

@inline(__always)
private func total(_ lanes: SIMD8<Double>) -> Double {
  // Element by element: halves of vectors would make the compiler split the loops above.
  ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
}

/// One block of all pairs (i, j), i in `rows`, j in `others`, i < j, two rows by two at a time.
@inline(__always)
private func addTile<S: Widening, T: DistanceTerm>(
  _ matrix: UnsafePointer<S>, stride: Int, column: Int, count: Int,
  rows: Range<Int>, others: Range<Int>, into distances: UnsafeMutablePointer<Double>,
  rowCount: Int, _ term: T.Type
) {
  var i = rows.lowerBound
  while i < rows.upperBound {
    let hasSecond = i &+ 1 < rows.upperBound
    let first = unsafe matrix + (i &* stride &+ column)
    let isDiagonal = rows == others
    if isDiagonal && hasSecond {
      unsafe addBlock(
        first, first + stride, stride: stride, count: count,
        into: distances + (i &* rowCount &+ i &+ 1), stride: rowCount, term,
        InlineArray<1, Void>.self, InlineArray<1, Void>.self)
    }
    var j = isDiagonal ? i &+ 2 : others.lowerBound
    while j < others.upperBound {
      let second = unsafe matrix + (j &* stride &+ column)
      let target = unsafe distances + (i &* rowCount &+ j)
      switch (hasSecond, j &+ 1 < others.upperBound) {
      case (true, true):
        unsafe addBlock(
          first, second, stride: stride, count: count, into: target, stride: rowCount, term,
          InlineArray<2, Void>.self, InlineArray<2, Void>.self)
      case (true, false):
        unsafe addBlock(
          first, second, stride: stride, count: count, into: target, stride: rowCount, term,
          InlineArray<2, Void>.self, InlineArray<1, Void>.self)
      case (false, true):
        unsafe addBlock(
          first, second, stride: stride, count: count, into: target, stride: rowCount, term,
          InlineArray<1, Void>.self, InlineArray<2, Void>.self)
      case (false, false):
        unsafe addBlock(
          first, second, stride: stride, count: count, into: target, stride: rowCount, term,
          InlineArray<1, Void>.self, InlineArray<1, Void>.self)
      }
      j &+= 2
    }
    i &+= 2
  }
}

@inline(__always)
private func computeDistances<S: Widening, T: DistanceTerm>(
  _ term: T.Type, _ matrix: Span<S>, _ rowCount: Int, _ columnCount: Int, _ pool: WorkPool,
  _ distances: inout MutableSpan<Double>
) {
  checkDistances(matrix.count, distances.count, rowCount: rowCount, columnCount: columnCount)
  unsafe distances.withUnsafeMutableBufferPointer { output in
    unsafe output.update(repeating: 0)
    unsafe matrix.withUnsafeBufferPointer { matrix in
      guard let base = matrix.baseAddress, let target = output.baseAddress else { return }
      nonisolated(unsafe) let values = unsafe base
      nonisolated(unsafe) let sums = unsafe target
      let tileCount = (rowCount + tileSize - 1) / tileSize
      let isSmall = rowCount * rowCount * columnCount < inlineLimit
      let pool = isSmall ? WorkPool(width: 1) : pool
      for pass in stride(from: 0, to: columnCount, by: blockSize * blocksPerPass) {
        let end = min(pass + blockSize * blocksPerPass, columnCount)
        pool.run(tileCount * (tileCount + 1) / 2) { _, index in
          let (row, other) = pairOfTiles(index)
          let rows = row * tileSize..<min((row + 1) * tileSize, rowCount)
          let others = other * tileSize..<min((other + 1) * tileSize, rowCount)
          for column in stride(from: pass, to: end, by: blockSize) {
            unsafe addTile(
              values, stride: columnCount, column: column, count: min(blockSize, end - column),
              rows: rows, others: others, into: sums, rowCount: rowCount, term)
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
