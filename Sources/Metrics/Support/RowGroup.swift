/// The mean of some of the rows of a round, as seen from any row; no vector is formed.
struct RowGroup {
  /// A sum whose square is below this share of its terms' squares is rounding noise.
  private static let noise = 1e-14
  /// Below this share of the whole, a difference of two sums has lost too many digits.
  private static let cancellation = 1e-6

  let members: [Int]
  private let geometry: RowGeometry
  /// For every row of the round its inner product with the sum of the members.
  private let products: [Double]
  /// The squared norm of the sum of the members.
  private let total: Double
  private let squaredNormSum: Double
  /// For every row of the round the sum of its squared distances to the members.
  private let distanceSums: [Double]
  private let distanceTotal: Double

  init(_ members: [Int], in geometry: RowGeometry) {
    self.members = members
    self.geometry = geometry
    products = (0..<geometry.rowCount).map { row in
      members.reduce(0) { $0 + geometry.product(row, $1) }
    }
    total = members.reduce(0) { [products] in $0 + products[$1] }
    squaredNormSum = members.reduce(0) { $0 + geometry.squaredNorms[$1] }
    distanceSums = (0..<geometry.rowCount).map { row in
      members.reduce(0) { $0 + geometry.squaredDistance(row, $1) }
    }
    distanceTotal = members.reduce(0) { [distanceSums] in $0 + distanceSums[$1] }
  }

  /// Returns the cosine of a row to the mean of the members; 0 where either is zero.
  func cosine(of row: Int) -> Double {
    cosine(row, products[row], squaredSum: total, terms: squaredNormSum)
  }

  /// Returns the cosine of a member to the mean of the other members.
  ///
  /// - Precondition: `row` is one of two or more members.
  func cosineToOthers(of row: Int) -> Double {
    let own = geometry.squaredNorms[row]
    var squaredSum = total - 2 * products[row] + own
    if squaredSum < Self.cancellation * max(total, own) {
      // One row outweighs all others together; their sum has to be built without it.
      squaredSum = 0
      for i in members where i != row {
        for j in members where j != row { squaredSum += geometry.product(i, j) }
      }
    }
    return cosine(row, products[row] - own, squaredSum: squaredSum, terms: squaredNormSum - own)
  }

  /// Returns the distance of a row that is no member to the mean of the members.
  ///
  /// By `|x - mean|² = Σ|x - y|² / h - ΣΣ|y - z|² / (2 h²)`; rounding below 0 is 0.
  func distance(of row: Int) -> Double {
    let count = Double(members.count)
    let squared = distanceSums[row] / count - distanceTotal / (2 * count * count)
    return max(0, squared).squareRoot()
  }

  /// Returns the distance of a member to the mean of the other members, `h / (h - 1)` times that to
  /// the mean of all.
  ///
  /// - Precondition: `row` is one of two or more members.
  func distanceToOthers(of row: Int) -> Double {
    distance(of: row) * Double(members.count) / Double(members.count - 1)
  }

  private func cosine(
    _ row: Int, _ product: Double, squaredSum: Double, terms: Double
  ) -> Double {
    let own = geometry.squaredNorms[row]
    guard own > 0, squaredSum > Self.noise * terms else { return 0 }
    // Rows or a sum whose cosine is 1 on paper may exceed it by rounding.
    return min(1, max(-1, product / (own.squareRoot() * squaredSum.squareRoot())))
  }
}
