extension RowFigures {
  /// Returns the scores of every row by each reference detector, for two or more rows.
  ///
  /// Scores have no orientation: detectability takes an AUROC two-sided. The median is handed in
  /// because it is the one figure that needs a vector of d values: each row's squared distance to
  /// the coordinate-wise median of all rows.
  func detectorScores(medianDistances: [Double]) -> [ReferenceDetector: [Double]] {
    guard let krumScores else { return [:] }
    let rows = Array(0..<geometry.rowCount)
    let all = RowGroup(rows, in: geometry)
    return [
      .norm: geometry.squaredNorms,
      .cosine: rows.map { all.cosineToOthers(of: $0) },
      .medianDistance: medianDistances,
      .krum: krumScores,
      .principal: PrincipalComponent.projections(geometry),
      .sign: signScores,
    ]
  }

  /// Returns the AUROC of malicious against honest rows; `nil` where either kind is missing.
  ///
  /// A controlled client without a finite update has a score above every row: it cannot be missed.
  func area(of scores: [Double]) -> Double? {
    let dropped = [Double](repeating: .infinity, count: kinds.droppedMaliciousCount)
    return Statistics.area(
      positives: kinds.malicious.map { scores[$0] } + dropped,
      negatives: kinds.honest.map { scores[$0] })
  }

  private var signScores: [Double] {
    let total = balances.reduce(0, +)
    return balances.map { abs($0 - (total - $0) / Double(balances.count - 1)) }
  }
}
