import Determinism
import Kernels

/// The next of a series of matrices, by a matrix autoregressive model of order 1.
///
/// X_t is taken to be A X_{t−1} Bᵀ. Alternating least squares start from B = 1; each step solves for A
/// or B exactly, with the squares of all its entries times the ridge added. The series is divided by
/// its largest magnitude before, so that the ridge means the same for models of any size, and the
/// forecast is multiplied by it.
///
/// B is never formed where there are fewer rows to fit it to than columns.
///
/// - Complexity: O(m³ + T m² n + min(T m, n)³ + T m n min(T m, n)) per iteration for T + 1 matrices of
///   m × n.
struct MatrixAutoregression: Sendable {
  let iterations: Int
  let ridge: Double
  let pool: WorkPool

  /// Returns what follows.
  ///
  /// - Precondition: At least two matrices, all of one size and finite.
  func forecast(_ series: [[[Double]]]) -> [[Double]] {
    let m = series[0].count
    let largest = series.reduce(0) { $1.reduce($0) { $1.reduce($0) { max($0, abs($1)) } } }
    guard largest > 0 else { return series[0] }
    let scaled = series.map { $0.map { $0.map { $0 / largest } } }
    // The rows of all matrices but the last, and those of their successors.
    let before = scaled.dropLast().flatMap { $0 }
    let after = Array(scaled.dropFirst().joined())
    let joined = byClient(after, count: m)
    var shifted = before
    var (mixed, weights): ([[Double]], [[Double]]) = ([], [])
    for iteration in 0..<iterations {
      let parts = byClient(shifted, count: m)
      weights = CholeskySystem(rowGram(parts, pool: pool), ridge: ridge)
        .solutions(for: rowProducts(joined, parts, pool: pool), pool: pool)
      mixed = stride(from: 0, to: before.count, by: m).flatMap {
        rowCombinations(weights, of: before[$0..<$0 + m], pool: pool)
      }
      if iteration + 1 < iterations { shifted = images(of: before, from: mixed, to: after) }
    }
    let last = images(of: scaled[scaled.count - 1], from: mixed, to: after)
    return rowCombinations(weights, of: last[...], pool: pool).map { $0.map { $0 * largest } }
  }

  /// The rows times the matrix that takes `source` to `target` by ridge regression.
  private func images(
    of rows: [[Double]], from source: [[Double]], to target: [[Double]]
  ) -> [[Double]] {
    if source.count <= source[0].count {
      let system = CholeskySystem(rowGram(source, pool: pool), ridge: ridge)
      let weights = system.solutions(for: rowProducts(rows, source, pool: pool), pool: pool)
      return rowCombinations(weights, of: target[...], pool: pool)
    }
    let columns = transposed(source)
    let system = CholeskySystem(rowGram(columns, pool: pool), ridge: ridge)
    let products = rowProducts(columns, transposed(target), pool: pool)
    return rowCombinations(system.solutions(for: rows, pool: pool), of: products[...], pool: pool)
  }

  /// Joins the rows of each client, which come matrix by matrix, into one.
  private func byClient(_ rows: [[Double]], count: Int) -> [[Double]] {
    (0..<count).map { client in
      stride(from: client, to: rows.count, by: count).flatMap { rows[$0] }
    }
  }
}
