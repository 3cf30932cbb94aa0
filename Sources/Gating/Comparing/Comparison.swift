public import Results

/// Two sets of results side by side; no policy is needed.
///
/// Every metric that both have is compared, times left out, seed by seed. A change counts as beyond
/// chance if the two-sided ``ModeratedTest`` over all changes rejects at 0.05.
public struct Comparison: Sendable {
  /// One finding per cell and metric: `regression` stands for beyond chance in either direction,
  /// `inconclusive` and `pass` for within chance.
  public let findings: [Finding]
  /// Cells that only one side has.
  public let onlyOld: [String]
  public let onlyNew: [String]
  /// How the two runs differ: engine, data, settings.
  public let notes: [String]
  /// What is left out: failed trials, seeds that only one side has.
  public let warnings: [String]

  /// - Throws: ``BaselineError`` if the old results hold no finished trial.
  public init(
    _ old: ResultSet, _ new: ResultSet,
    isIncluded: @escaping @Sendable (_ cell: [String: String]) -> Bool = { _ in true },
    isMetricIncluded: (String) -> Bool = { _ in true }
  ) throws(BaselineError) {
    var finished = old
    finished.records.removeAll { $0.status == .error || $0.status == .timeout }
    let ids = Set(finished.records.flatMap(\.metrics.keys))
      .filter { !$0.hasPrefix("cost.") && isMetricIncluded($0) }
    let policy = Policy(
      alpha: 0.05, minSeeds: 2,
      metrics: Dictionary(uniqueKeysWithValues: ids.map { ($0, .init(better: .none)) }))
    let baseline = try BaselineV1(
      recording: finished, policy: policy, tool: "", now: "", why: "")
    let gate = Gate(refusesOtherSettings: false, isIncluded: isIncluded)
    let report = gate.check(new, against: baseline)
    findings = report.findings.filter { $0.verdict != .missing }
    let there = Set(new.records.filter { $0.status == .ok }.map(\.cell))
    onlyOld = baseline.cells.filter { isIncluded($0.keys) && !there.contains($0.name) }.map(\.name)
    onlyNew = report.extraCells
    notes = report.notes
    warnings =
      report.warnings
      + old.records.filter { $0.status == .error || $0.status == .timeout }.map {
        "\($0.cell), seed \($0.seed), failed in the old results"
      }
  }
}
