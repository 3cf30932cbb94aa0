extension ScalarReference {
  /// The plain form of `Float.columnVotes`.
  ///
  /// Votes are equal to the bit; shares up to rounding, because the kernel adds by lanes.
  package static func columnVotes(_ rows: [[S]]) -> (votes: [S], shares: [Double]) {
    let columnCount = rows.first?.count ?? 0
    var votes: [S] = []
    var shares = [Double](repeating: 0, count: rows.count)
    for column in 0..<columnCount {
      let positive = rows.indices.filter { rows[$0][column] > 0 }
      let negative = rows.indices.filter { rows[$0][column] < 0 }
      votes.append(S(positive.count - negative.count))
      guard positive.count != negative.count else { continue }
      let winners = positive.count > negative.count ? positive : negative
      for row in winners { shares[row] += 1 / Double(winners.count) }
    }
    guard columnCount > 0 else { return (votes, rows.map { _ in 1 / Double(rows.count) }) }
    return (votes, shares.map { $0 / Double(columnCount) })
  }
}
