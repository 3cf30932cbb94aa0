/// The mean of some of the rows of a round, as seen from every row.
///
/// A row that is itself a member is compared with the mean of the other members. Two ways lead
/// here: from pairs of rows, or from the vector of the mean; they agree but for rounding.
struct RowGroup {
  /// A sum whose square is below this share of its terms' squares is rounding noise.
  private static let noise = 1e-14

  /// For every row of the round the cosine to the mean of the members without it; 0 where either
  /// is zero.
  let cosines: [Double]
  /// For every row of the round whether that cosine exists: neither is zero.
  let haveCosine: [Bool]
  /// For every row of the round the distance to the mean of the members without it.
  let distances: [Double]

  /// What the figures of one row follow from.
  struct Terms {
    /// The squared norm of the row.
    var squaredNorm: Double
    /// The inner product of the row with the sum of the members without it.
    var product: Double
    /// The squared norm of the sum of the members without it.
    var squaredSum: Double
    /// The sum of the squared norms of the members without it.
    var squaredNormSum: Double
    /// The distance to the mean of all members, the row included if it is one.
    var distance: Double
  }

  /// - Precondition: There are two or more members.
  init(_ terms: [Terms], isMember: [Bool], memberCount: Int) {
    precondition(memberCount > 1, "RowGroup: \(memberCount) members")
    cosines = terms.map(Self.cosine)
    haveCosine = terms.map(Self.hasCosine)
    let count = Double(memberCount)
    distances = zip(terms, isMember).map { terms, isMember in
      isMember ? terms.distance * count / (count - 1) : terms.distance
    }
  }

  private static func hasCosine(_ terms: Terms) -> Bool {
    terms.squaredNorm > 0 && terms.squaredSum > noise * terms.squaredNormSum
  }

  private static func cosine(_ terms: Terms) -> Double {
    guard hasCosine(terms) else { return 0 }
    let cosine = terms.product / (terms.squaredNorm.squareRoot() * terms.squaredSum.squareRoot())
    // Rows or a sum whose cosine is 1 on paper may exceed it by rounding.
    return min(1, max(-1, cosine))
  }
}
