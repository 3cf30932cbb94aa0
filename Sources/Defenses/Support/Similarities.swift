import Determinism
import Kernels
import Tensors

/// The cosines of all pairs of rows.
///
/// They come from the distances, so that 1 − cosine keeps its digits where rows are alike; equal rows
/// have exactly 1. A cosine with a zero row is 0.
struct Similarities: Sendable {
  /// The number of rows, n.
  let count: Int
  /// 1 − cosine, n × n.
  private var gaps: [Double]

  /// Beyond this ratio of two lengths their difference hides the angle.
  private static let ratioLimit = 1e4

  /// - Complexity: O(n² d).
  init(of rows: Matrix<Float>, pool: WorkPool) {
    self.init(of: rows, norms: rows.norms(pool: pool), pool: pool) { i, j in
      rows.withRow(i) { first in rows.withRow(j) { Float.dot(first, $0) } }
    }
  }

  /// The cosines of all pairs of points origin + row, which are never formed.
  ///
  /// - Parameters:
  ///   - rows: n × d.
  ///   - origin: d values; empty for zeros.
  ///   - pool: The threads to use.
  /// - Complexity: O(n² d) time, a vector of d floats.
  init(of rows: Matrix<Float>, from origin: [Float], pool: WorkPool) {
    guard !origin.isEmpty else {
      self.init(of: rows, pool: pool)
      return
    }
    let norms = rows.squaredDistances(to: origin.map { -$0 }, pool: pool)
      .map { $0.squareRoot() }
    self.init(of: rows, norms: norms, pool: pool) { i, j in
      rows.withRow(i) { first in
        rows.withRow(j) { second in
          Float.squaredNorm(origin.span) + Float.dot(first, second)
            + (Float.dot(first, origin.span) + Float.dot(second, origin.span))
        }
      }
    }
  }

  /// - Parameters:
  ///   - rows: The points up to a shift of all of them.
  ///   - norms: The length of each point.
  ///   - pool: The threads to use.
  ///   - product: The inner product of two points; asked for pairs of unlike lengths only.
  private init(
    of rows: Matrix<Float>, norms: [Double], pool: WorkPool,
    product: @Sendable (Int, Int) -> Double
  ) {
    let n = rows.rowCount
    count = n
    let squares = rows.exactSquaredDistances(pool: pool)
    gaps = [Double](repeating: 0, count: n * n)
    var unlike: [(Int, Int)] = []
    for i in 0..<n {
      for j in i + 1..<n {
        let (low, high) = (min(norms[i], norms[j]), max(norms[i], norms[j]))
        guard low > 0 else {
          set(1, i, j)
          continue
        }
        if high > Self.ratioLimit * low { unlike.append((i, j)) }
        let difference = high - low
        set((squares[i * n + j] - difference * difference) / (2 * low) / high, i, j)
      }
    }
    let pairs = unlike
    let products = pool.map(pairs.count) { product(pairs[$0].0, pairs[$0].1) }
    for ((i, j), product) in zip(pairs, products) {
      set(1 - product / norms[i] / norms[j], i, j)
    }
  }

  private mutating func set(_ gap: Double, _ i: Int, _ j: Int) {
    // Rounding may take parallel rows a little past the ends.
    let value = min(max(gap, 0), 2)
    gaps[i * count + j] = value
    gaps[j * count + i] = value
  }

  /// In −1...1.
  func cosine(_ i: Int, _ j: Int) -> Double { 1 - gaps[i * count + j] }

  /// The cosine distance 1 − cosine, in 0...2.
  func distance(_ i: Int, _ j: Int) -> Double { gaps[i * count + j] }
}
