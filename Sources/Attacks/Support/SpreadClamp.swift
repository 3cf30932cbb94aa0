import Federation
import Kernels
import Tensors

/// Clamps sent coordinates into μ ± z σ of the honest rows of the round.
///
/// μ and σ are mean and population standard deviation of the coordinate, in double precision; a
/// coordinate inside keeps its bits, another is rounded once to nearest. NaN stays.
struct SpreadClamp: Sendable {
  let z: Double

  /// Clamps every row; returns the share of changed coordinates, or `nil` where there is no row, or no
  /// honest one to go by, and nothing is changed.
  ///
  /// - Complexity: O((h + f) d).
  func apply(to rows: inout Matrix<Float>, _ view: AttackerView) -> Double? {
    guard rows.rowCount > 0, let moments = view.honest?.meanAndDeviation(pool: view.pool) else {
      return nil
    }
    let low = zip(moments.mean, moments.deviation).map { $0 - z * $1 }
    let high = zip(moments.mean, moments.deviation).map { $0 + z * $1 }
    var changed = 0
    for row in 0..<rows.rowCount {
      rows.withMutableRow(row) { values in
        for column in values.indices {
          let value = Double(values[column])
          if value < low[column] {
            values[column] = Float(low[column])
          } else if value > high[column] {
            values[column] = Float(high[column])
          } else {
            continue
          }
          changed += 1
        }
      }
    }
    return Double(changed) / Double(rows.rowCount * rows.columnCount)
  }
}
