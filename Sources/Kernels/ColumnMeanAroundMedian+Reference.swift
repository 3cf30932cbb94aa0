extension ScalarReference {
  /// The plain form of `Float.columnMeanAroundMedian`, over all rows.
  ///
  /// Means are equal to the bit; shares up to rounding, because the kernel adds whole columns first.
  package static func columnMeanAroundMedian(
    _ rows: [[S]], keepCount: Int
  ) -> (mean: [S], shares: [Double]) {
    let columnCount = rows.first?.count ?? 0
    var mean: [S] = []
    var shares = [Double](repeating: 0, count: rows.count)
    for column in 0..<columnCount {
      let values = rows.map { Double($0[column] + 0) }
      let sorted = values.sorted()
      let median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) * 0.5
      let nearest = sorted.sorted { (abs($0 - median), $0) < (abs($1 - median), $1) }
      let kept = nearest.prefix(keepCount).sorted()
      mean.append(S(kept.reduce(0, +) / Double(keepCount)))
      for (row, value) in values.enumerated() {
        let equal = (all: values.count { $0 == value }, kept: kept.count { $0 == value })
        shares[row] += Double(equal.kept) / Double(equal.all)
      }
    }
    guard columnCount > 0 else { return (mean, rows.map { _ in 1 / Double(rows.count) }) }
    return (mean, shares.map { $0 / Double(keepCount) / Double(columnCount) })
  }
}
