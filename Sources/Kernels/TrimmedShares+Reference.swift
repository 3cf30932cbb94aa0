extension ScalarReference {
  /// The plain form of the shares of `Scalar.columnTrimmedMean(_:rowCount:…:shares:)`.
  ///
  /// Equal up to rounding, not to the bit: the kernel adds whole columns first.
  package static func trimmedShares(_ rows: [[S]], trimCount: Int) -> [Double] {
    let end = rows.count - trimCount
    let columnCount = rows.first?.count ?? 0
    guard columnCount > 0 else { return rows.map { _ in 1 / Double(rows.count) } }
    return rows.map { row in
      var kept = 0.0
      for column in 0..<columnCount {
        let below = rows.count { $0[column] < row[column] }
        let equal = rows.count { $0[column] == row[column] }
        kept += Double(max(0, min(below + equal, end) - max(below, trimCount))) / Double(equal)
      }
      return kept / Double(end - trimCount) / Double(columnCount)
    }
  }
}
