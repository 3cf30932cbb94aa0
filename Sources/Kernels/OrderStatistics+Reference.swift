extension ScalarReference {
  /// The plain form of `Scalar.columnMedian`.
  @_specialize(where S == Float)
  package static func columnMedian(_ rows: [[S]]) -> [S] {
    sortedColumns(rows).map { column in
      let upper = column[column.count / 2]
      if column.count % 2 == 1 { return upper }
      return S((Double(column[column.count / 2 - 1]) + Double(upper)) * 0.5)
    }
  }

  /// The plain form of `Scalar.columnTrimmedMean`.
  @_specialize(where S == Float)
  package static func columnTrimmedMean(_ rows: [[S]], trimCount: Int) -> [S] {
    sortedColumns(rows).map { column in
      let middle = column[trimCount..<(column.count - trimCount)]
      return S(middle.reduce(0.0) { $0 + Double($1) } / Double(middle.count))
    }
  }

  /// Each column in ascending order, −0 as +0.
  private static func sortedColumns(_ rows: [[S]]) -> [[S]] {
    (rows.first ?? []).indices.map { j in rows.map { $0[j] + 0 }.sorted() }
  }
}
