public import Kernels

/// Pre-aggregators in order, then a rule.
///
/// Verdicts come back per client even where stages mixed rows together.
public struct DefensePipeline: Sendable {
  private var stages: [any PreAggregator]
  private var rule: any Aggregator

  public init(stages: [any PreAggregator] = [], rule: any Aggregator) {
    self.stages = stages
    self.rule = rule
  }

  /// What a pipeline decided: the update, and a verdict per client that took part.
  public struct Outcome<Element: Scalar>: Sendable {
    public let update: [Element]
    public let verdicts: [ClientID: Verdict]
    public let report: [String: ReportValue]
  }

  /// Runs the stages and the rule.
  ///
  /// A client's weight is the sum over rows of the row's weight times the client's share of the
  /// row; its suspicion is the mean of the rows' suspicion, weighted by its shares. A client whose
  /// rows got different dispositions is `downweighted`.
  public mutating func aggregate<Element: Scalar>(
    _ updates: consuming UpdateMatrix<Element>, in round: RoundContext
  ) throws(DefenseError) -> Outcome<Element> {
    guard updates.rowCount > 0 else { throw .noRows }
    for index in stages.indices {
      // Handed over, so that a stage can work in place where the caller has let go of the matrix.
      updates = try stages[index].transform(consume updates, in: round)
    }
    let result = try rule.aggregate(updates, in: round)
    precondition(
      result.verdicts.count == updates.rowCount,
      "\(type(of: rule)) returned \(result.verdicts.count) verdicts for \(updates.rowCount) rows")
    return Outcome(
      update: result.update, verdicts: perClient(result.verdicts, updates.provenance),
      report: result.report)
  }

  private struct Merged {
    var weight = 0.0
    var suspicion = 0.0
    var share = 0.0
    var hasSuspicion = true
    var seen: Set<Verdict.Disposition> = []
  }

  private func perClient(
    _ verdicts: [Verdict], _ provenance: [Provenance]
  ) -> [ClientID: Verdict] {
    var merged: [ClientID: Merged] = [:]
    for (verdict, row) in zip(verdicts, provenance) {
      for part in row.shares {
        var entry = merged[part.client] ?? Merged()
        entry.weight += verdict.weight * part.fraction
        entry.suspicion += (verdict.suspicion ?? 0) * part.fraction
        entry.share += part.fraction
        entry.hasSuspicion = entry.hasSuspicion && verdict.suspicion != nil
        entry.seen.insert(verdict.disposition)
        merged[part.client] = entry
      }
    }
    return merged.mapValues { entry in
      let only = entry.seen.count == 1 ? entry.seen.first : nil
      return Verdict(
        only ?? .downweighted, weight: entry.weight,
        suspicion: entry.hasSuspicion ? entry.suspicion / entry.share : nil)
    }
  }
}
