extension ScalarReference {
  /// The plain form of `Scalar.linearCombination`.
  @_specialize(where S == Float)
  package static func linearCombination(_ rows: [[S]], weights: [Double]) -> [S] {
    (rows.first ?? []).indices.map { j in
      var sum = 0.0
      for (row, weight) in zip(rows, weights) where weight != 0 {
        sum = sum.addingProduct(weight, Double(row[j]))
      }
      return S(sum)
    }
  }

  /// The plain form of `Scalar.mean`.
  @_specialize(where S == Float)
  package static func mean(_ rows: [[S]]) -> [S] {
    (rows.first ?? []).indices.map { j in S(center(rows, j)) }
  }

  /// The plain form of the deviation in `Scalar.columnMeanAndDeviation`.
  @_specialize(where S == Float)
  package static func deviation(_ rows: [[S]]) -> [S] {
    (rows.first ?? []).indices.map { j in
      let center = center(rows, j)
      let squares = rows.reduce(0.0) { sum, row in
        sum.addingProduct(Double(row[j]) - center, Double(row[j]) - center)
      }
      return S((squares / Double(rows.count)).squareRoot())
    }
  }

  private static func center(_ rows: [[S]], _ j: Int) -> Double {
    rows.reduce(0.0) { $0 + Double($1[j]) } / Double(rows.count)
  }
}
