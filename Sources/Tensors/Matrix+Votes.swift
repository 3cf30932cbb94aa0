public import Determinism
public import Kernels

/// Votes of the rows on the sign of each column.
extension Matrix<Float> {
  /// Counts, per column, how many more values are positive than negative; ±0 is no vote.
  ///
  /// - Parameter pool: The threads to use.
  /// - Returns: The votes, and per row its share in the majorities: in each column that has one, the
  ///   rows of its sign share 1 equally, and the mean over all columns is taken.
  /// - Complexity: O(`rowCount * columnCount`).
  public func votes(pool: WorkPool) -> (votes: [Float], shares: [Double]) {
    var votes = Float.zeros(columnCount)
    var shares = [Double](repeating: 0, count: rowCount)
    var voteTarget = votes.mutableSpan
    var shareTarget = shares.mutableSpan
    Float.columnVotes(
      span, rowCount: rowCount, columnCount: columnCount, pool: pool, into: &voteTarget,
      shares: &shareTarget)
    return (votes, shares)
  }
}
