import Determinism
import Federation
import Kernels
import Tensors

extension HonestUpdates {
  /// The squared distances between the honest rows, h × h, to the digits of `Double`.
  ///
  /// - Complexity: O(n² d); no row is copied.
  func squaredDistances(pool: WorkPool) -> [Double] {
    let table = all.exactSquaredDistances(pool: pool)
    guard rows.count < all.rowCount else { return table }
    return rows.flatMap { row in rows.map { table[row * all.rowCount + $0] } }
  }
}
