public import Results

/// Holds results against a baseline.
///
/// For each cell and gated metric the worsening of every seed that both sides have is taken (the
/// streams of the engine are keyed, so that a seed is a pair), and then:
/// 1. all zero: identical;
/// 2. mean not worse than the tolerance: pass, or improved where it is better by more than the
///    tolerance and ``ModeratedTest`` rejects "not better" at the policy's alpha;
/// 3. mean worse by more than the tolerance: a regression if the test rejects "not worse", else
///    inconclusive;
/// 4. a number that became null, or the other way round: a regression;
/// 5. fewer common seeds than the policy's minimum: inconclusive, unless identical.
///
/// Another engine number, other data, or a changed task or attack make cells incomparable; cells
/// of the baseline without result are missing, and so are cells that lost some seeds, but for their
/// regressions. Both are findings, never silence; where the policy only warns of what is missing,
/// lost seeds are a warning and the others decide, unless the gate is exact.
public struct Gate: Sendable {
  /// Every recorded number and the final parameters have to be equal to the bit; no statistics.
  public var isExact: Bool
  /// Restricts both sides to these cells.
  public var isIncluded: @Sendable (_ cell: [String: String]) -> Bool
  /// The day that overrides end on, `YYYY-MM-DD`; `nil` lets none expire.
  public var today: String?

  /// Whether another engine, other data or another setting make cells incomparable; without it they
  /// are only noted, and lost seeds left out, as when two sets of results are compared out of
  /// interest.
  public var refusesOtherSettings: Bool

  /// How the tests are adjusted for their number.
  var adjustment = ModeratedTest.Adjustment.stepwise

  public init(
    isExact: Bool = false, refusesOtherSettings: Bool = true, today: String? = nil,
    isIncluded: @escaping @Sendable (_ cell: [String: String]) -> Bool = { _ in true }
  ) {
    self.isExact = isExact
    self.refusesOtherSettings = refusesOtherSettings
    self.today = today
    self.isIncluded = isIncluded
  }

  /// Compares, and judges claims as well.
  ///
  /// - Parameters:
  ///   - results: What was measured now.
  ///   - baseline: What it should be; `nil` judges the claims alone.
  ///   - claims: Absolute bounds.
  ///   - resultsPath: Names the results in reports.
  ///   - baselinePath: Names the baseline in reports.
  /// - Returns: one finding per check, in the order of the baseline, and all that goes with them.
  public func check(
    _ results: ResultSet, against baseline: BaselineV1? = nil, claims: [Claim] = [],
    resultsPath: String = "", baselinePath: String? = nil
  ) -> GateReport {
    var report = GateReport(
      scenario: results.scenario, baselinePath: baselinePath, resultsPath: resultsPath,
      isExact: isExact, findings: [])
    let cells = ResultCells(results.records, isIncluded: isIncluded)
    if let baseline {
      report.policy = baseline.policy.reactions
      compare(cells, results, baseline, &report)
    }
    markVoid(cells, &report)
    report.claims = claims.flatMap { $0.judge(cells) }
    report.warnings += results.warnings + cells.failures
    return report
  }

  private func compare(
    _ cells: ResultCells, _ results: ResultSet, _ baseline: BaselineV1, _ report: inout GateReport
  ) {
    let comparability = Comparability(results, baseline.origin)
    let wanted = baseline.cells.filter { isIncluded($0.keys) }
    report.notes += comparability.notes
    report.warnings += expired(baseline.policy)
    report.warnings += unmatched(baseline)
    let names = Set(wanted.map(\.name))
    report.extraCells = cells.names.filter { !names.contains($0) }

    let isWarned = baseline.policy.reactions.missing != .fail || !refusesOtherSettings
    if !isExact, isWarned { report.warnings += thinned(wanted, cells) }

    var checks: [CellCheck] = []
    for cell in wanted {
      let tolerances = Tolerances(baseline.policy, cell: cell.keys, today: today)
      var reason = comparability.reason(for: cell)
      if !refusesOtherSettings, let difference = reason {
        if !report.notes.contains(difference) { report.notes.append(difference) }
        reason = nil
      }
      checks += CellCheck.all(
        cell, cells[cell.name], tolerances: tolerances, isExact: isExact, incomparable: reason)
    }
    if isExact {
      report.findings = checks.map(\.finding)
    } else {
      let judgement = Judgement(baseline.policy, adjustment: adjustment)
      (report.findings, report.visibility, report.testCount) = judgement.findings(of: checks)
      if !isWarned { markLostSeeds(of: wanted, cells, &report) }
    }
  }

  /// Makes checks missing that lack some of the baseline's seeds; a regression stays one.
  private func markLostSeeds(
    of wanted: [BaselineV1.Cell], _ cells: ResultCells, _ report: inout GateReport
  ) {
    let reasons = Dictionary(
      uniqueKeysWithValues: wanted.map { ($0.name, CellCheck.missingReason($0, cells[$0.name])) })
    for index in report.findings.indices {
      guard let reason = reasons[report.findings[index].cell] ?? nil else { continue }
      switch report.findings[index].verdict {
      case .regression, .missing, .incomparable: continue
      case .identical, .pass, .improved, .inconclusive:
        report.findings[index].verdict = .missing
        report.findings[index].reason = reason
      }
    }
  }

  /// Says of figures of attack success that they are those of dead models.
  private func markVoid(_ cells: ResultCells, _ report: inout GateReport) {
    var reasons: [String: [String: String?]] = [:]
    for index in report.findings.indices {
      let finding = report.findings[index]
      guard VoidFigures.isAboutSuccess(finding.metric), let cell = cells[finding.cell] else {
        continue
      }
      let known = reasons[finding.cell]?[finding.metric]
      let reason = known ?? VoidFigures.reason(finding.metric, cell.finished)
      reasons[finding.cell, default: [:]][finding.metric] = .some(reason)
      report.findings[index].voidReason = reason
    }
  }

  private func expired(_ policy: Policy) -> [String] {
    guard let today else { return [] }
    return policy.overrides.filter { $0.isExpired(on: today) }.map {
      "the override '\($0.why)' ended on \($0.until ?? "") and is not applied"
    }
  }

  /// Overrides that match no cell.
  private func unmatched(_ baseline: BaselineV1) -> [String] {
    let keys = baseline.cells.map(\.keys)
    return baseline.policy.overrides.compactMap { override in
      if keys.contains(where: override.cells.matches) { return nil }
      let problem = override.cells.problem(among: keys)
      return "the override '\(override.why)': \(problem ?? "no cell meets all conditions at once")"
    }
  }

  /// Cells that were compared over fewer seeds than the baseline has.
  private func thinned(_ cells: [BaselineV1.Cell], _ results: ResultCells) -> [String] {
    let gaps = cells.compactMap { cell -> (name: String, seeds: [Int])? in
      guard let now = results[cell.name], !now.trials.isEmpty else { return nil }
      let absent = cell.seeds.filter { now.trials[$0] == nil }
      return absent.isEmpty ? nil : (cell.name, absent)
    }
    guard let first = gaps.first else { return [] }
    let others = gaps.count == 1 ? "" : ", and so for \(gaps.count - 1) more"
    return [
      "the results lack \(CellCheck.list(first.seeds)) of \(first.name)\(others): compared over the "
        + "seeds that are there"
    ]
  }
}
