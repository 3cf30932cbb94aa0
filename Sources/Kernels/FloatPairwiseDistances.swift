// The distances of `Float` rows in `Float`, in the order that `Scalar` states. All loops share this
// file, so that a debug build, which optimizes file by file, specializes them as well.

public import Determinism

/// The columns whose squares are added in `Float`.
private let blockSize = 512
/// The columns whose blocks are added lane by lane; all rows of a pass fit the second cache.
private let passSize = 8 * blockSize
/// The rows of one side of a piece of work: four groups of three.
private let tileSize = 12
/// Below this many products a piece of work costs less than handing it to a thread.
private let inlineLimit = 1 << 18

@inline(__always)
private func load(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
  unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
}

/// The last values of a block, with zeros behind.
@inline(never)
private func load(_ pointer: UnsafePointer<Float>, count: Int) -> SIMD8<Float> {
  var lanes = SIMD8<Float>(repeating: 0)
  for i in 0..<count { unsafe lanes[i] = pointer[i] }
  return lanes
}

/// Written out: the generic conversion of vectors is too large for the compiler to inline.
@inline(__always)
private func widen(_ x: SIMD8<Float>) -> SIMD8<Double> {
  SIMD8(
    Double(x[0]), Double(x[1]), Double(x[2]), Double(x[3]),
    Double(x[4]), Double(x[5]), Double(x[6]), Double(x[7]))
}

@inline(__always)
private func total(_ lanes: SIMD8<Double>) -> Double {
  ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
}

/// Adds the lanes of a block of `height × width` pairs of rows to those of the pass.
@inline(__always)
private func addBlock<let height: Int, let width: Int>(
  _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, stride: Int, count: Int,
  into lanes: UnsafeMutablePointer<SIMD8<Double>>,
  _: InlineArray<height, Void>.Type, _: InlineArray<width, Void>.Type
) {
  let zero = SIMD8<Float>(repeating: 0)
  var sums = InlineArray<height, InlineArray<width, SIMD8<Float>>>(
    repeating: InlineArray<width, SIMD8<Float>>(repeating: zero))
  var i = 0
  while i &+ 8 <= count {
    var right = InlineArray<width, SIMD8<Float>>(repeating: zero)
    for c in 0..<width { unsafe right[unchecked: c] = load(second + (c &* stride &+ i)) }
    for r in 0..<height {
      let left = unsafe load(first + (r &* stride &+ i))
      for c in 0..<width {
        let difference = unsafe left - right[unchecked: c]
        unsafe sums[unchecked: r][unchecked: c] = sums[unchecked: r][unchecked: c]
          .addingProduct(difference, difference)
      }
    }
    i &+= 8
  }
  for r in 0..<height {
    for c in 0..<width {
      var sum = unsafe sums[unchecked: r][unchecked: c]
      if i < count {
        let left = unsafe load(first + (r &* stride &+ i), count: count &- i)
        let right = unsafe load(second + (c &* stride &+ i), count: count &- i)
        sum = sum.addingProduct(left - right, left - right)
      }
      unsafe lanes[r &* tileSize &+ c] += widen(sum)
    }
  }
}

/// Adds the lanes of a block of the three pairs of three rows to those of the pass.
private func addTriangle(
  _ first: UnsafePointer<Float>, stride: Int, count: Int,
  into lanes: UnsafeMutablePointer<SIMD8<Double>>
) {
  let second = unsafe first + stride
  let third = unsafe second + stride
  var sums = InlineArray<3, SIMD8<Float>>(repeating: SIMD8(repeating: 0))
  var i = 0
  while i < count {
    var x: SIMD8<Float>
    var y: SIMD8<Float>
    var z: SIMD8<Float>
    if i &+ 8 <= count {
      x = unsafe load(first + i)
      y = unsafe load(second + i)
      z = unsafe load(third + i)
    } else {
      x = unsafe load(first + i, count: count &- i)
      y = unsafe load(second + i, count: count &- i)
      z = unsafe load(third + i, count: count &- i)
    }
    unsafe sums[unchecked: 0] = sums[unchecked: 0].addingProduct(x - y, x - y)
    unsafe sums[unchecked: 1] = sums[unchecked: 1].addingProduct(x - z, x - z)
    unsafe sums[unchecked: 2] = sums[unchecked: 2].addingProduct(y - z, y - z)
    i &+= 8
  }
  unsafe lanes[1] += widen(sums[unchecked: 0])
  unsafe lanes[2] += widen(sums[unchecked: 1])
  unsafe lanes[tileSize &+ 2] += widen(sums[unchecked: 2])
}

/// One block of the pairs of up to three rows with up to three others, which lie behind them.
private func addGroups(
  _ first: UnsafePointer<Float>, _ height: Int, _ second: UnsafePointer<Float>, _ width: Int,
  stride: Int, count: Int, into lanes: UnsafeMutablePointer<SIMD8<Double>>
) {
  @inline(__always)
  func add<let height: Int, let width: Int>(
    _ h: InlineArray<height, Void>.Type, _ w: InlineArray<width, Void>.Type
  ) {
    unsafe addBlock(first, second, stride: stride, count: count, into: lanes, h, w)
  }
  switch (height, width) {
  case (3, 3): add(InlineArray<3, Void>.self, InlineArray<3, Void>.self)
  case (3, 2): add(InlineArray<3, Void>.self, InlineArray<2, Void>.self)
  case (3, 1): add(InlineArray<3, Void>.self, InlineArray<1, Void>.self)
  case (2, 3): add(InlineArray<2, Void>.self, InlineArray<3, Void>.self)
  case (2, 2): add(InlineArray<2, Void>.self, InlineArray<2, Void>.self)
  case (2, 1): add(InlineArray<2, Void>.self, InlineArray<1, Void>.self)
  case (1, 3): add(InlineArray<1, Void>.self, InlineArray<3, Void>.self)
  case (1, 2): add(InlineArray<1, Void>.self, InlineArray<2, Void>.self)
  default: add(InlineArray<1, Void>.self, InlineArray<1, Void>.self)
  }
}

/// Adds one block of all pairs (i, j), i in `rows`, j in `others`, i < j, to their lanes.
private func addTile(
  _ matrix: UnsafePointer<Float>, stride: Int, count: Int, rows: Range<Int>, others: Range<Int>,
  into lanes: UnsafeMutablePointer<SIMD8<Double>>
) {
  for i in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: 3) {
    let first = unsafe matrix + i &* stride
    let height = min(3, rows.upperBound &- i)
    let target = unsafe lanes + (i &- rows.lowerBound) &* tileSize
    if rows == others {
      let diagonal = unsafe target + (i &- others.lowerBound)
      if height == 3 {
        unsafe addTriangle(first, stride: stride, count: count, into: diagonal)
      } else if height == 2 {
        unsafe addGroups(
          first, 1, first + stride, 1, stride: stride, count: count, into: diagonal + 1)
      }
    }
    let start = rows == others ? i &+ 3 : others.lowerBound
    for j in Swift.stride(from: start, to: others.upperBound, by: 3) {
      unsafe addGroups(
        first, height, matrix + j &* stride, min(3, others.upperBound &- j), stride: stride,
        count: count, into: target + (j &- others.lowerBound))
    }
  }
}

/// Adds one pass of all pairs to their distances, which are those of the passes before.
private func addPass(
  _ matrix: UnsafePointer<Float>, rowCount: Int, columnCount: Int, columns: Range<Int>,
  rows: Range<Int>, others: Range<Int>, into distances: UnsafeMutablePointer<Double>
) {
  let size = tileSize * tileSize
  unsafe withUnsafeTemporaryAllocation(of: SIMD8<Double>.self, capacity: size) { lanes in
    unsafe lanes.initialize(repeating: SIMD8(repeating: 0))
    guard let lanes = lanes.baseAddress else { return }
    for column in stride(from: columns.lowerBound, to: columns.upperBound, by: blockSize) {
      unsafe addTile(
        matrix + column, stride: columnCount, count: min(blockSize, columns.upperBound - column),
        rows: rows, others: others, into: lanes)
    }
    for i in rows {
      for j in max(i + 1, others.lowerBound)..<max(i + 1, others.upperBound) {
        let sum = unsafe total(lanes[(i - rows.lowerBound) * tileSize + j - others.lowerBound])
        unsafe distances[i * rowCount + j] += sum
      }
    }
  }
}

/// One pass of all pairs (i, j), i in `rows`, j in `others`, each with the bits of `addPass`.
private func addRectangle(
  _ matrix: UnsafePointer<Float>, rowCount: Int, columnCount: Int, columns: Range<Int>,
  rows: Range<Int>, others: Range<Int>, into distances: UnsafeMutablePointer<Double>
) {
  let size = tileSize * tileSize
  unsafe withUnsafeTemporaryAllocation(of: SIMD8<Double>.self, capacity: size) { lanes in
    unsafe lanes.initialize(repeating: SIMD8(repeating: 0))
    guard let lanes = lanes.baseAddress else { return }
    for column in stride(from: columns.lowerBound, to: columns.upperBound, by: blockSize) {
      let count = min(blockSize, columns.upperBound - column)
      for i in stride(from: rows.lowerBound, to: rows.upperBound, by: 3) {
        for j in stride(from: others.lowerBound, to: others.upperBound, by: 3) {
          unsafe addGroups(
            matrix + (i * columnCount + column), min(3, rows.upperBound - i),
            matrix + (j * columnCount + column), min(3, others.upperBound - j),
            stride: columnCount, count: count,
            into: lanes + ((i - rows.lowerBound) * tileSize + j - others.lowerBound))
        }
      }
    }
    for i in 0..<rows.count {
      for j in 0..<others.count {
        unsafe distances[i * rowCount + others.lowerBound + j] += total(lanes[i * tileSize + j])
      }
    }
  }
}

extension Float {
  /// Writes the squared distances of some rows to all rows, with the bits of
  /// `pairwiseSquaredDistances`, for matrices whose distances do not fit in memory at once.
  ///
  /// - Parameters:
  ///   - rows: The rows whose distances are wanted.
  ///   - matrix: `rowCount × columnCount`.
  ///   - rowCount: The number of rows.
  ///   - columnCount: The number of columns; 0 gives zeros.
  ///   - pool: What runs the pieces.
  ///   - distances: `rows.count × rowCount`; a row's distance to itself is zero.
  /// - Precondition: `rows` lies in the matrix; the spans hold exactly as many values.
  /// - Complexity: O(`rows.count` × `rowCount` × `columnCount`), twice as much for all rows as all
  ///   pairs at once.
  public static func squaredDistances(
    ofRows rows: Range<Int>, of matrix: Span<Float>, rowCount: Int, columnCount: Int,
    pool: WorkPool, into distances: inout MutableSpan<Double>
  ) {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= rowCount
        && matrix.count == rowCount * columnCount && distances.count == rows.count * rowCount,
      "squaredDistances: rows \(rows) of \(rowCount) × \(columnCount), \(distances.count) values")
    unsafe matrix.withUnsafeBufferPointer { values in
      unsafe distances.withUnsafeMutableBufferPointer { output in
        unsafe output.update(repeating: 0)
        guard let base = values.baseAddress, let target = output.baseAddress else { return }
        nonisolated(unsafe) let values = unsafe base
        nonisolated(unsafe) let sums = unsafe target
        let height = (rows.count + tileSize - 1) / tileSize
        let width = (rowCount + tileSize - 1) / tileSize
        pool.run(height * width) { _, index in
          let first = rows.lowerBound + index / width * tileSize
          let tile = first..<min(first + tileSize, rows.upperBound)
          let other = index % width * tileSize
          for pass in stride(from: 0, to: columnCount, by: passSize) {
            unsafe addRectangle(
              values, rowCount: rowCount, columnCount: columnCount,
              columns: pass..<min(pass + passSize, columnCount), rows: tile,
              others: other..<min(other + tileSize, rowCount),
              into: sums + (first - rows.lowerBound) * rowCount)
          }
        }
        pool.run(rows.count) { _, index in
          unsafe repairRow(
            rows.lowerBound + index, of: values, rowCount, columnCount, sums + index * rowCount)
        }
      }
    }
  }

  public static func pairwiseSquaredDistances(
    _ matrix: Span<Float>, rowCount: Int, columnCount: Int, pool: WorkPool,
    into distances: inout MutableSpan<Double>
  ) {
    checkDistances(matrix.count, distances.count, rowCount: rowCount, columnCount: columnCount)
    unsafe matrix.withUnsafeBufferPointer { values in
      unsafe distances.withUnsafeMutableBufferPointer { output in
        unsafe output.update(repeating: 0)
        guard let base = values.baseAddress, let target = output.baseAddress else { return }
        nonisolated(unsafe) let values = unsafe base
        nonisolated(unsafe) let sums = unsafe target
        let tileCount = (rowCount + tileSize - 1) / tileSize
        let isSmall = rowCount * rowCount * columnCount < inlineLimit
        let pool = isSmall ? WorkPool(width: 1) : pool
        for pass in stride(from: 0, to: columnCount, by: passSize) {
          let columns = pass..<min(pass + passSize, columnCount)
          pool.run(tileCount * (tileCount + 1) / 2) { _, index in
            let (row, other) = pairOfTiles(index)
            unsafe addPass(
              values, rowCount: rowCount, columnCount: columnCount, columns: columns,
              rows: row * tileSize..<min((row + 1) * tileSize, rowCount),
              others: other * tileSize..<min((other + 1) * tileSize, rowCount), into: sums)
          }
        }
      }
    }
    repairDistances(matrix, rowCount, columnCount, pool, &distances)
    for i in 0..<rowCount {
      for j in 0..<i { distances[i * rowCount + j] = distances[j * rowCount + i] }
    }
  }
}
