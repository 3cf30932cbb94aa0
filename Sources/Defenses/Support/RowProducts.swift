import Determinism
import Kernels

/// The inner product of two equally long vectors.
func dot(_ x: [Double], _ y: [Double]) -> Double { Double.dot(x.span, y.span) }

/// The inner product of `count` values of each of two vectors, from an offset on.
func dot(_ x: [Double], from i: Int = 0, _ y: [Double], from j: Int = 0, count: Int) -> Double {
  Double.dot(x.span.extracting(i..<i + count), y.span.extracting(j..<j + count))
}

/// The inner products of all rows of one small matrix with all rows of another.
func rowProducts(_ first: [[Double]], _ second: [[Double]], pool: WorkPool) -> [[Double]] {
  pool.map(first.count) { row in second.map { dot(first[row], $0) } }
}

/// The inner products of all pairs of rows: of each with the rows up to itself.
func rowGram(_ rows: [[Double]], pool: WorkPool) -> [[Double]] {
  pool.map(rows.count) { row in rows[...row].map { dot(rows[row], $0) } }
}

/// For each list of weights the sum of the rows times them.
///
/// - Precondition: One weight per row.
func rowCombinations(
  _ weights: [[Double]], of rows: ArraySlice<[Double]>, pool: WorkPool
) -> [[Double]] {
  pool.map(weights.count) { index in
    var sum = [Double](repeating: 0, count: rows.first?.count ?? 0)
    var target = sum.mutableSpan
    for (weight, row) in zip(weights[index], rows) { Double.axpy(weight, row.span, into: &target) }
    return sum
  }
}

/// The columns of equally long rows, as rows.
func transposed(_ rows: [[Double]]) -> [[Double]] {
  (rows.first?.indices ?? 0..<0).map { column in rows.map { $0[column] } }
}
