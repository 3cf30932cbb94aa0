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
  /// A client without a finite update has a score above every row, whoever controls it: it cannot
  /// be missed. Where the rows of a sample stand for all, it weighs as much as one of all.
  func area(of scores: [Double], by detector: ReferenceDetector) -> Double? {
    guard detector.comparesPairs && !sample.isWhole else {
      func dropped(_ count: Int) -> [Double] { .init(repeating: .infinity, count: count) }
      return Ranks.area(
        positives: kinds.malicious.map { scores[$0] } + dropped(kinds.droppedMaliciousCount),
        negatives: kinds.honest.map { scores[$0] } + dropped(kinds.droppedHonestCount))
    }
    let rows = Ranks.area(
      positives: sample.kinds.malicious.map { scores[$0] },
      negatives: sample.kinds.honest.map { scores[$0] })
    return rows.map(areaWithDropped) ?? (kinds.areBothThere ? areaWithDropped(0) : nil)
  }

  /// The scores of the malicious and of the honest rows by one detector, with the clients that
  /// ``area(of:by:)`` counts above them.
  func sides(
    of scores: [Double], by detector: ReferenceDetector
  ) -> (malicious: OperatingCurve.Side, honest: OperatingCurve.Side) {
    let seen = detector.comparesPairs ? sample.kinds : kinds
    return (
      OperatingCurve.Side(
        seen.malicious.map { scores[$0] }, standingFor: kinds.malicious.count,
        aboveCount: kinds.droppedMaliciousCount),
      OperatingCurve.Side(
        seen.honest.map { scores[$0] }, standingFor: kinds.honest.count,
        aboveCount: kinds.droppedHonestCount)
    )
  }

  /// Returns the AUROC among all clients of the round, given that of its rows: of the pairs with a
  /// client without a row, those of a malicious one with an honest row count 1, those of two such
  /// clients half.
  private func areaWithDropped(_ area: Double) -> Double {
    let (seen, dropped) = (Double(kinds.malicious.count), Double(kinds.droppedMaliciousCount))
    let againstRows = (seen * area + dropped) / (seen + dropped)
    guard kinds.droppedHonestCount > 0 else { return againstRows }
    let againstDropped = dropped / 2 / (seen + dropped)
    let (honest, others) = (Double(kinds.honest.count), Double(kinds.droppedHonestCount))
    return (honest * againstRows + others * againstDropped) / (honest + others)
  }

  private var signScores: [Double] {
    let total = balances.reduce(0, +)
    return balances.map { abs($0 - (total - $0) / Double(balances.count - 1)) }
  }
}
