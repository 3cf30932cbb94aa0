import Statistics

extension RowFigures {
  /// Returns the scores by each reference detector, for two or more rows.
  ///
  /// Scores have no orientation: detectability takes an AUROC two-sided. The detectors that compare
  /// pairs score the rows of the sample, the others every row. The median is handed in because it
  /// is the one figure that needs a vector of d values: each row's squared distance to the
  /// coordinate-wise median of all rows.
  func detectorScores(medianDistances: [Double]) -> [ReferenceDetector: [Double]] {
    guard let krumScores, let everyone else { return [:] }
    return [
      .norm: squaredNorms,
      .cosine: everyone.cosines,
      .medianDistance: medianDistances,
      .krum: krumScores,
      .principal: PrincipalComponent.projections(geometry),
      .sign: signScores,
    ]
  }

  /// Returns the AUROC of malicious against honest rows for the scores of one detector; `nil` where
  /// either kind is missing.
  ///
  /// A controlled client without a finite update has a score above every row: it cannot be missed.
  /// Where the malicious rows of a sample stand for all, it weighs as much as one of all.
  func area(of scores: [Double], by detector: ReferenceDetector) -> Double? {
    let isSampled = detector.comparesPairs && !sample.isWhole
    guard isSampled, !kinds.malicious.isEmpty else {
      let dropped = [Double](repeating: .infinity, count: kinds.droppedMaliciousCount)
      return area(of: scores, among: isSampled ? sample.kinds : kinds, dropped: dropped)
    }
    let seen = Double(kinds.malicious.count)
    let dropped = Double(kinds.droppedMaliciousCount)
    return area(of: scores, among: sample.kinds, dropped: []).map {
      (seen * $0 + dropped) / (seen + dropped)
    }
  }

  private func area(of scores: [Double], among kinds: RoundKinds, dropped: [Double]) -> Double? {
    Ranks.area(
      positives: kinds.malicious.map { scores[$0] } + dropped,
      negatives: kinds.honest.map { scores[$0] })
  }

  private var signScores: [Double] {
    let total = balances.reduce(0, +)
    return balances.map { abs($0 - (total - $0) / Double(balances.count - 1)) }
  }
}
