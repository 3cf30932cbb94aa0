extension RowGroup {
  /// Below this share of the whole, a difference of two sums has lost too many digits.
  private static let cancellation = 1e-6

  /// Creates the group from the pairwise distances of all rows of the round; no vector is formed.
  ///
  /// By the identities `x·y = (|x|² + |y|² - |x - y|²) / 2`, `|Σx|² = ΣΣ x·y` and
  /// `|x - mean|² = Σ|x - y|² / h - ΣΣ|y - z|² / (2 h²)`, of which rounding below 0 is 0. Relative
  /// errors are of the order 1e-16 times the ratio of the largest norm to the norms involved.
  ///
  /// - Parameters:
  ///   - members: Two or more rows, ascending.
  ///   - geometry: That of all n rows.
  ///   - squaredNorms: Those of all rows.
  /// - Complexity: O(n h), and O(h²) for each row that outweighs all others together.
  init(_ members: [Int], in geometry: RowGeometry, squaredNorms: [Double]) {
    func product(_ i: Int, _ j: Int) -> Double {
      (squaredNorms[i] + squaredNorms[j] - geometry.squaredDistance(i, j)) / 2
    }
    let rows = 0..<geometry.rowCount
    var isMember = [Bool](repeating: false, count: geometry.rowCount)
    for row in members { isMember[row] = true }
    let products = rows.map { row in members.reduce(0) { $0 + product(row, $1) } }
    let total = members.reduce(0) { $0 + products[$1] }
    let squaredNormSum = members.reduce(0) { $0 + squaredNorms[$1] }
    let distanceSums = rows.map { row in
      members.reduce(0) { $0 + geometry.squaredDistance(row, $1) }
    }
    let distanceTotal = members.reduce(0) { $0 + distanceSums[$1] }
    let count = Double(members.count)

    func squaredSum(without row: Int) -> Double {
      let own = squaredNorms[row]
      let difference = total - 2 * products[row] + own
      guard difference < Self.cancellation * max(total, own) else { return difference }
      // One row outweighs all others together; their sum has to be built without it.
      var sum = 0.0
      for i in members where i != row {
        for j in members where j != row { sum += product(i, j) }
      }
      return sum
    }

    let terms = rows.map { row in
      let own = squaredNorms[row]
      let squared = distanceSums[row] / count - distanceTotal / (2 * count * count)
      return Terms(
        squaredNorm: own, product: isMember[row] ? products[row] - own : products[row],
        squaredSum: isMember[row] ? squaredSum(without: row) : total,
        squaredNormSum: isMember[row] ? squaredNormSum - own : squaredNormSum,
        distance: max(0, squared).squareRoot())
    }
    self.init(terms, isMember: isMember, memberCount: members.count)
  }
}
