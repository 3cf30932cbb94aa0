import Determinism
import Kernels
import Tensors

/// What stealth measures and reference detectors share of one round; each is computed once.
///
/// Lengths, signs and means are those of all rows of the round. What needs pairs of rows, the Krum
/// scores and the principal component, is that of the rows of a sample, which are all rows up to a
/// limit.
///
/// - Complexity: O(n d + m² d) time for n rows, m of them in the sample; O(n + m²) memory.
struct RowFigures {
  let kinds: RoundKinds
  let sample: RowSample
  /// Among all rows.
  let equals: EqualRows
  /// Of all rows.
  let squaredNorms: [Double]
  /// (positive - negative coordinates) / d of all rows.
  let balances: [Double]
  /// Of the rows of the sample.
  let geometry: RowGeometry
  /// Of the rows of the sample, by the number of malicious rows in it; `nil` for fewer than two.
  let krumScores: [Double]?
  /// All rows; `nil` for fewer than two.
  let everyone: RowGroup?
  /// The honest rows; `nil` for fewer than two.
  let honest: RowGroup?

  init(
    _ rows: borrowing Matrix<Float>, _ kinds: RoundKinds, limit: Int = RowSample.limit,
    pool: WorkPool
  ) {
    let sample = RowSample(kinds, limit: limit)
    // Both of a row at once, while it is near.
    let alone = pool.map(rows.rowCount) { row in
      rows.withRow(row) { (Float.squaredNorm($0), SignBalance.balance($0)) }
    }
    let squaredNorms = alone.map(\.0)
    let equals = EqualRows(rows, squaredNorms: squaredNorms)
    let geometry = RowGeometry(rows, sample, equals: equals, pool: pool)
    func group(_ members: [Int], _ rows: borrowing Matrix<Float>) -> RowGroup? {
      guard members.count > 1 else { return nil }
      return sample.isWhole
        ? RowGroup(members, in: geometry, squaredNorms: squaredNorms)
        : RowGroup(members, of: rows, squaredNorms: squaredNorms)
    }
    self.kinds = kinds
    self.sample = sample
    self.equals = equals
    self.squaredNorms = squaredNorms
    self.geometry = geometry
    balances = alone.map(\.1)
    krumScores = geometry.krumScores(byzantineCount: sample.kinds.malicious.count)
    everyone = group(Array(0..<rows.rowCount), rows)
    honest = group(kinds.honest, rows)
  }
}
