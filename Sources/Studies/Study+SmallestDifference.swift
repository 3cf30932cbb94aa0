import Gating
import Results
import Statistics

extension Study {
  /// Returns what the seeds of the study can tell apart between defenses, in the values of a metric.
  ///
  /// Void cells take no part, nor do those without an attack; of `asr.*` only attacks that plant a
  /// backdoor, see ``backdoorAttacks``.
  ///
  /// - Parameter metric: Such as `accuracy.stop`.
  /// - Returns: The figures, or why there are none: no attack that takes part, no two defenses with a
  ///   mean under one, no two common seeds, or no pair whose difference varies.
  /// - Complexity: O(attacks x combinations of axes x defenses² x seeds).
  public func smallestDifference(
    in metric: String
  ) -> Result<SmallestDifference, SmallestDifference.Unseen> {
    let attacks = comparedAttacks(by: metric)
    guard !attacks.isEmpty else {
      return .failure(.init(reason: reasonWithoutAttacks(metric)))
    }
    var pairs = PairSpreads()
    for block in AttackBlock.all(in: grid, of: Set(attacks)) {
      let columns = block.cells.compactMap { cell -> (CellID, [CellSummary.SeedValue])? in
        let summary = summary(cell, metric)
        return summary.mean == nil ? nil : (cell, summary.values)
      }
      for (place, first) in columns.enumerated() {
        for second in columns[(place + 1)...] {
          pairs.add(.init(first.0, second.0), first.1, second.1)
        }
      }
    }
    return pairs.summary(metric).map {
      var found = $0
      found.attackCount = attacks.count
      found.harmlessCount = self.attacks.count - attacks.count
      return found
    }
  }
}

/// Collects paired differences.
private struct PairSpreads {
  private var halves: [Double] = []
  private var visibles: [Double] = []
  private var skippedCount = 0
  private var constantCount = 0
  private var seeds: ClosedRange<Int>?
  private var blindest: (pair: SmallestDifference.Pair, visible: Double)?
  /// t(0.975) and t(0.8) by the number of seeds.
  private var quantiles: [Int: (interval: Double, power: Double)] = [:]

  /// Both lists are in the order of the seeds.
  mutating func add(
    _ pair: SmallestDifference.Pair, _ first: [CellSummary.SeedValue],
    _ second: [CellSummary.SeedValue]
  ) {
    let differences = Self.differences(first, second)
    guard let variance = Moments.sampleVariance(differences) else {
      skippedCount += 1
      return
    }
    let n = differences.count
    let (interval, power) = quantile(n)
    // What rounding leaves of equal differences is nothing.
    guard variance >= 1e-24 else {
      constantCount += 1
      return
    }
    let error = (variance / Double(n)).squareRoot()
    halves.append(interval * error)
    visibles.append((interval + power) * error)
    seeds = min(seeds?.lowerBound ?? n, n)...max(seeds?.upperBound ?? n, n)
    if let visible = visibles.last, blindest.map({ visible > $0.visible }) ?? true {
      blindest = (pair, visible)
    }
  }

  func summary(_ metric: String) -> Result<SmallestDifference, SmallestDifference.Unseen> {
    guard let seeds, let blindest, let half = Median.of(halves), let visible = Median.of(visibles)
    else { return .failure(.init(reason: reason(metric))) }
    return .success(
      SmallestDifference(
        metric: metric, pairCount: halves.count, skippedCount: skippedCount,
        constantCount: constantCount, seeds: seeds,
        half: .init(median: half, largest: halves.max() ?? half),
        visible: .init(median: visible, largest: visibles.max() ?? visible),
        blindest: blindest.pair))
  }

  /// Why no pair counts.
  private func reason(_ metric: String) -> String {
    let few = "\(AuditWords.counted(skippedCount, "pair")) with fewer than two common seeds"
    if constantCount > 0 {
      let constant = AuditWords.counted(constantCount, "pair") + " without spread"
      return "no difference varies between seeds: \(constant)"
        + (skippedCount > 0 ? ", \(few)" : "")
    }
    if skippedCount > 0 { return "no two defenses have two seeds in common: \(few)" }
    return "no two defenses have a mean of \(metric) under one attack"
  }

  private static func differences(
    _ first: [CellSummary.SeedValue], _ second: [CellSummary.SeedValue]
  ) -> [Double] {
    var differences: [Double] = []
    var (i, j) = (0, 0)
    while i < first.count, j < second.count {
      if first[i].seed == second[j].seed {
        differences.append(first[i].value - second[j].value)
        (i, j) = (i + 1, j + 1)
      } else if first[i].seed < second[j].seed {
        i += 1
      } else {
        j += 1
      }
    }
    return differences
  }

  private mutating func quantile(_ count: Int) -> (interval: Double, power: Double) {
    if let known = quantiles[count] { return known }
    let degrees = Double(count - 1)
    let found = (
      interval: StudentT.quantile(upperTail: 0.025, degrees: degrees),
      power: StudentT.quantile(upperTail: 0.2, degrees: degrees)
    )
    quantiles[count] = found
    return found
  }
}
