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
    let n = rows.rowCount
    count = n
    let norms = rows.norms(pool: pool)
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
    let products = pool.map(pairs.count) { pair in
      rows.withRow(pairs[pair].0) { first in
        rows.withRow(pairs[pair].1) { Float.dot(first, $0) }
      }
    }
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
