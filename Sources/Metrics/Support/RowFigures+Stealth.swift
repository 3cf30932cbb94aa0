import Statistics

extension RowFigures {
  /// Returns the measures that follow from lengths, angles and signs, one value per malicious row;
  /// the Krum rank has one per malicious row of the sample.
  ///
  /// A measure is left out where it does not exist: the norm ratio where the median honest norm is
  /// 0; cosine and distance percentile with fewer than two honest rows; the cosine of a row where it
  /// or the honest mean is zero; all without malicious or without honest rows.
  func stealth() -> [StealthMeasure: [Double]] {
    guard !kinds.malicious.isEmpty, !kinds.honest.isEmpty else { return [:] }
    var result: [StealthMeasure: [Double]] = [:]
    result[.normRatio] = normRatios
    result[.krumRank] = krumRanks
    result[.signBalance] = signGaps
    guard let honest else { return result }
    result[.cosine] = cosineGaps(honest)
    let distances = kinds.honest.map { honest.distances[$0] }
    result[.distancePercentile] = kinds.malicious.compactMap {
      Ranks.rank(of: honest.distances[$0], among: distances)
    }
    return result
  }

  private func cosineGaps(_ honest: RowGroup) -> [Double]? {
    func cosines(_ rows: [Int]) -> [Double] {
      rows.filter { honest.haveCosine[$0] }.map { honest.cosines[$0] }
    }
    let malicious = cosines(kinds.malicious)
    guard let usual = Moments.mean(cosines(kinds.honest)), !malicious.isEmpty else { return nil }
    return malicious.map { $0 - usual }
  }

  private var normRatios: [Double]? {
    let norms = squaredNorms.map { $0.squareRoot() }
    guard let median = Median.of(kinds.honest.map { norms[$0] }), median > 0 else {
      return nil
    }
    return kinds.malicious.map { norms[$0] / median }
  }

  private var krumRanks: [Double]? {
    guard let krumScores else { return nil }
    return sample.kinds.malicious.compactMap { row in
      var others = krumScores
      others.remove(at: row)
      return Ranks.rank(of: krumScores[row], among: others)
    }
  }

  private var signGaps: [Double] {
    let usual = Moments.mean(kinds.honest.map { balances[$0] }) ?? 0
    return kinds.malicious.map { abs(balances[$0] - usual) }
  }
}
