// Several linear combinations of the same rows at once. Generic bodies and their concrete entries
// share this file, so that a debug build, which optimizes file by file, specializes them as well.

public import Determinism

/// The columns whose values of all rows are widened and held at one time.
private let blockSize = 64
/// The columns of one piece of work.
private let pieceSize = 16 * blockSize
/// The most combinations of one tile.
private let tileHeight = 6
/// The least weight beside 0 that the tiles take: its products with the values that they take never
/// round to zero.
private let leastWeight = 0x1p-800

@inline(__always)
private func load(_ pointer: UnsafePointer<Double>) -> SIMD8<Double> {
  unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Double>.self)
}

/// Computes eight columns of `height` combinations, as chains over the rows ascending from +0.
@inline(__always)
private func combine<let height: Int>(
  _ block: UnsafePointer<Double>, rowCount: Int, weights: UnsafePointer<Double>,
  into sums: UnsafeMutablePointer<Double>, _: InlineArray<height, Void>.Type
) {
  var lanes = InlineArray<height, SIMD8<Double>>(repeating: SIMD8(repeating: 0))
  var values = unsafe block
  var weights = unsafe weights
  for _ in 0..<rowCount {
    let x = unsafe load(values)
    for r in 0..<height {
      let weight = unsafe SIMD8<Double>(repeating: weights[r &* rowCount])
      unsafe lanes[unchecked: r] = lanes[unchecked: r].addingProduct(weight, x)
    }
    unsafe values += blockSize
    unsafe weights += 1
  }
  for r in 0..<height {
    unsafe UnsafeMutableRawPointer(sums + r &* blockSize)
      .storeBytes(of: lanes[unchecked: r], as: SIMD8<Double>.self)
  }
}

/// Computes all columns of a block for `height` combinations.
private func combineTile(
  _ block: UnsafePointer<Double>, rowCount: Int, weights: UnsafePointer<Double>, height: Int,
  columnCount: Int, into sums: UnsafeMutablePointer<Double>
) {
  @inline(__always)
  func run<let height: Int>(_ h: InlineArray<height, Void>.Type) {
    var column = 0
    while column < columnCount {
      unsafe combine(
        block + column, rowCount: rowCount, weights: weights, into: sums + column, h)
      column &+= 8
    }
  }
  switch height {
  case 6: run(InlineArray<6, Void>.self)
  case 5: run(InlineArray<5, Void>.self)
  case 4: run(InlineArray<4, Void>.self)
  case 3: run(InlineArray<3, Void>.self)
  case 2: run(InlineArray<2, Void>.self)
  default: run(InlineArray<1, Void>.self)
  }
}

/// Computes one combination of a block row by row, leaving out rows of weight 0.
private func combineNonzero(
  _ block: UnsafePointer<Double>, rowCount: Int, weights: UnsafePointer<Double>,
  into sums: UnsafeMutablePointer<Double>
) {
  unsafe sums.update(repeating: 0, count: blockSize)
  for row in 0..<rowCount {
    let weight = unsafe weights[row]
    if weight == 0 { continue }
    let values = unsafe block + row &* blockSize
    for i in 0..<blockSize { unsafe sums[i] = sums[i].addingProduct(weight, values[i]) }
  }
}

/// Whether all values of a block are 0 or finite with at least the least magnitude of `Float`.
private func isOrdinary(_ block: UnsafePointer<Double>, rowCount: Int) -> Bool {
  // 0 × x is ±0 for finite x and NaN for any other.
  var zeros = SIMD8<Double>(repeating: 0)
  var isTiny = SIMDMask<SIMD8<Int64>>(repeating: false)
  for i in stride(from: 0, to: rowCount * blockSize, by: 8) {
    let x = unsafe load(block + i)
    zeros += x * 0
    isTiny .|= (x * x .< 0x1p-298) .& (x .!= 0)
  }
  return zeros == SIMD8(repeating: 0) && !any(isTiny)
}

/// The combinations of different weights, and where each is wanted.
///
/// Mixing stages ask for the same combination many times: under a strong attack all honest rows have
/// the same nearest neighbors.
private struct DistinctCombinations {
  /// The weights of each, one after the other.
  private(set) var weights: [Double] = []
  /// The outputs of combination `i` are `outputs[starts[i] ..< starts[i + 1]]`.
  private(set) var outputs: [Int] = []
  private(set) var starts = [0]

  var count: Int { starts.count - 1 }

  init(_ weights: Span<Double>, rowCount: Int, count: Int) {
    var members: [[Int]] = []
    var sameHash: [Int: [Int]] = [:]
    for output in 0..<count {
      let row = weights.extracting(output * rowCount..<(output + 1) * rowCount)
      var hasher = Hasher()
      for i in row.indices { hasher.combine(row[i].bitPattern) }
      let hash = hasher.finalize()
      let equal = sameHash[hash, default: []].first { candidate in
        let other = members[candidate][0] * rowCount
        return row.indices.allSatisfy { row[$0].bitPattern == weights[other + $0].bitPattern }
      }
      if let equal {
        members[equal].append(output)
      } else {
        sameHash[hash, default: []].append(members.count)
        members.append([output])
        for i in row.indices { self.weights.append(row[i]) }
      }
    }
    for outputs in members {
      self.outputs += outputs
      starts.append(self.outputs.count)
    }
  }
}

/// A set of combinations with the addresses that all pieces of work share.
@unsafe private struct Combinations<S: Scalar>: @unchecked Sendable {
  let matrix: UnsafePointer<S>
  let rowCount: Int
  let columnCount: Int
  let distinct: DistinctCombinations
  /// Whether a zero weight may be multiplied instead of left out, if the values allow it.
  let hasOrdinaryWeights: Bool
  let output: UnsafeMutablePointer<S>

  /// Computes some columns, at most a block, of all combinations.
  @inline(__always)
  func run(_ columns: Range<Int>, _ block: UnsafeMutablePointer<Double>) {
    let (rowCount, columnCount, total) = unsafe (rowCount, columnCount, distinct.count)
    for row in 0..<rowCount {
      let source = unsafe matrix + (row &* columnCount &+ columns.lowerBound)
      let target = unsafe block + row &* blockSize
      for i in 0..<columns.count { unsafe target[i] = Double(source[i]) }
      for i in columns.count..<blockSize { unsafe target[i] = 0 }
    }
    let sums = unsafe block + rowCount &* blockSize
    let isPlain = unsafe hasOrdinaryWeights && isOrdinary(UnsafePointer(block), rowCount: rowCount)
    let tileCount = isPlain ? (total &+ tileHeight &- 1) / tileHeight : total
    for tile in 0..<tileCount {
      // Even tiles, so that none has just one or two chains.
      let first = tile &* total / tileCount
      let height = (tile &+ 1) &* total / tileCount &- first
      unsafe distinct.weights.withUnsafeBufferPointer { weights in
        guard let weights = weights.baseAddress else { return }
        let part = unsafe weights + first &* rowCount
        if isPlain {
          unsafe combineTile(
            UnsafePointer(block), rowCount: rowCount, weights: part, height: height,
            columnCount: columns.count, into: sums)
        } else {
          unsafe combineNonzero(UnsafePointer(block), rowCount: rowCount, weights: part, into: sums)
        }
      }
      for r in 0..<height {
        unsafe write(sums + r &* blockSize, of: first &+ r, columns)
      }
    }
  }

  /// Rounds the columns of a combination and writes them wherever it is wanted.
  @inline(__always)
  private func write(_ sums: UnsafePointer<Double>, of combination: Int, _ columns: Range<Int>) {
    for index in unsafe distinct.starts[combination]..<distinct.starts[combination &+ 1] {
      let target = unsafe output + (distinct.outputs[index] &* columnCount &+ columns.lowerBound)
      for i in 0..<columns.count { unsafe target[i] = S(sums[i]) }
    }
  }
}

@inline(__always)
private func combineAll<S: Scalar>(
  _ matrix: Span<S>, _ rowCount: Int, _ columnCount: Int, _ weights: Span<Double>, _ count: Int,
  _ pool: WorkPool, _ combinations: inout MutableSpan<S>
) {
  precondition(
    rowCount >= 0 && columnCount >= 0 && count >= 0 && matrix.count == rowCount * columnCount
      && weights.count == count * rowCount && combinations.count == count * columnCount,
    """
    linearCombinations: \(count) of \(rowCount) × \(columnCount) with \(matrix.count) values, \
    \(weights.count) weights, \(combinations.count) outputs
    """)
  var hasOrdinaryWeights = true
  for i in weights.indices where weights[i] != 0 && !(weights[i].magnitude >= leastWeight) {
    hasOrdinaryWeights = false
  }
  unsafe matrix.withUnsafeBufferPointer { matrix in
    unsafe combinations.withUnsafeMutableBufferPointer { output in
      guard let output = output.baseAddress else { return }
      guard let matrix = matrix.baseAddress else {
        unsafe output.update(repeating: 0, count: count * columnCount)
        return
      }
      let work = unsafe Combinations(
        matrix: matrix, rowCount: rowCount, columnCount: columnCount,
        distinct: DistinctCombinations(weights, rowCount: rowCount, count: count),
        hasOrdinaryWeights: hasOrdinaryWeights, output: output)
      pool.run((columnCount + pieceSize - 1) / pieceSize) { _, piece in
        let end = min((piece + 1) * pieceSize, columnCount)
        unsafe withUnsafeTemporaryAllocation(
          of: Double.self, capacity: (rowCount + tileHeight) * blockSize
        ) { scratch in
          guard let scratch = scratch.baseAddress else { return }
          for start in stride(from: piece * pieceSize, to: end, by: blockSize) {
            unsafe work.run(start..<min(start + blockSize, end), scratch)
          }
        }
      }
    }
  }
}

extension Float {
  public static func linearCombinations(
    _ matrix: Span<Float>, rowCount: Int, columnCount: Int, weights: Span<Double>,
    combinationCount: Int, pool: WorkPool, into combinations: inout MutableSpan<Float>
  ) {
    combineAll(matrix, rowCount, columnCount, weights, combinationCount, pool, &combinations)
  }
}

extension Double {
  public static func linearCombinations(
    _ matrix: Span<Double>, rowCount: Int, columnCount: Int, weights: Span<Double>,
    combinationCount: Int, pool: WorkPool, into combinations: inout MutableSpan<Double>
  ) {
    combineAll(matrix, rowCount, columnCount, weights, combinationCount, pool, &combinations)
  }
}
