public import Determinism
public import Kernels

/// Rows that are there more than once.
extension Matrix<Float> {
  /// Returns for every row the first one with the same bits: itself where it is the first.
  ///
  /// Attackers that agree all send the same row. What follows from the values of a row alone is then
  /// known for all of them.
  ///
  /// - Complexity: O(n d); besides norms only rows of equal norm are read.
  public func firstEqualRows(pool: WorkPool) -> [Int] {
    firstEqualRows(
      squaredNorms: pool.map(rowCount) { row in withRow(row) { Float.squaredNorm($0) } })
  }

  /// Returns the same, given the squared norm of every row.
  ///
  /// - Precondition: There are as many norms as rows, and rows of equal bits have norms of equal bits.
  public func firstEqualRows(squaredNorms: [Double]) -> [Int] {
    precondition(squaredNorms.count == rowCount, "\(squaredNorms.count) norms of \(rowCount) rows")
    // Different rows of equal norms are rare, unless an attack seeks them.
    var firsts: [UInt64: [Int]] = [:]
    return (0..<rowCount).map { row in
      let norm = squaredNorms[row].bitPattern
      let own = span.extracting(range(ofRow: row))
      let first = firsts[norm, default: []].first { other in
        Memory.areEqual(span.extracting(range(ofRow: other)), own)
      }
      if first == nil { firsts[norm, default: []].append(row) }
      return first ?? row
    }
  }
}
