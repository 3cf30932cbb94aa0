/// The product of an L-BFGS approximation of a Hessian with a vector, by inner products alone.
///
/// With S and Y the steps and the changes of m pairs as columns, oldest first, A = SᵀY, D its
/// diagonal, L its part below the diagonal and σ = ⟨y, s⟩ / ⟨s, s⟩ of the newest pair, the product
/// with v is σ v − Y p − σ S q, where p and q solve [[−D, Lᵀ], [L, σ SᵀS]] [p; q] = [Yᵀv; σ Sᵀv]
/// (Byrd, Nocedal, Schnabel, Mathematical Programming 63, 1994, theorem 2.3, with the blocks in the
/// other order). The initial matrix is σ I. Scale pairs to unit steps, so that the small system stays
/// well scaled while a model converges; it changes no product but its rounding.
///
/// *Determinism*: sums over pairs run from the oldest.
public struct CompactLBFGS: Sendable, Equatable {
  /// The factor of the vector, σ.
  public let sigma: Double
  /// What of each change is subtracted, p.
  public let changes: [Double]
  /// What of each step is subtracted, σ q.
  public let steps: [Double]

  /// Solves the small system; `nil` where it is singular or a number is not finite.
  ///
  /// - Parameters:
  ///   - stepProducts: SᵀS, m × m, row-major; the newest step is not zero.
  ///   - mixedProducts: SᵀY, m × m, row-major.
  ///   - stepParts: Sᵀv.
  ///   - changeParts: Yᵀv.
  /// - Precondition: At least one pair, and matrices of their size.
  /// - Complexity: O(m³).
  public init?(
    stepProducts: [Double], mixedProducts: [Double], stepParts: [Double], changeParts: [Double]
  ) {
    let m = stepParts.count
    precondition(
      m > 0 && changeParts.count == m && stepProducts.count == m * m
        && mixedProducts.count == m * m,
      "\(m) pairs with \(stepProducts.count) and \(mixedProducts.count) products")
    let sigma = mixedProducts[m * m - 1] / stepProducts[m * m - 1]
    var system = [Double](repeating: 0, count: 4 * m * m)
    for i in 0..<m {
      system[i * 2 * m + i] = -mixedProducts[i * m + i]
      for j in 0..<m {
        if i > j {
          system[(m + i) * 2 * m + j] = mixedProducts[i * m + j]
          system[j * 2 * m + m + i] = mixedProducts[i * m + j]
        }
        system[(m + i) * 2 * m + m + j] = sigma * stepProducts[i * m + j]
      }
    }
    let right = changeParts + stepParts.map { sigma * $0 }
    guard system.allSatisfy(\.isFinite), right.allSatisfy(\.isFinite),
      let solution = LinearSystem.solution(of: system, right: right)
    else { return nil }
    self.sigma = sigma
    changes = Array(solution[..<m])
    steps = solution[m...].map { $0 * sigma }
  }
}
