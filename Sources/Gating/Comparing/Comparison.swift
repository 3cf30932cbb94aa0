public import Results

/// Two sets of results side by side; no policy is needed.
///
/// The metrics that are included and that both have are compared, times left out, seed by seed. The
/// changes of all of them are one family: p is that of a two-sided paired t test with moderated
/// variance, multiplied by the number of changes (Bonferroni), and each interval has the share of
/// 0.05 that goes with it. A change is beyond chance exactly where its interval leaves out 0, which
/// is where its p is below 0.05.
public struct Comparison: Sendable {
  /// The chance of calling any change though nothing changed.
  public static let alpha = 0.05

  /// One finding per cell and metric: `regression` stands for beyond chance in either direction,
  /// `inconclusive` and `pass` for within chance.
  public let findings: [Finding]
  /// The number of changes that were tested, which p and intervals are adjusted for.
  ///
  /// Changes of one metric that are equal seed by seed in several cells are one.
  public let familySize: Int
  /// How many numbers, one per cell and metric, differ among the metrics that are not included.
  public let otherDifferenceCount: Int
  /// Cells that only one side has.
  public let onlyOld: [String]
  public let onlyNew: [String]
  /// How the two runs differ: engine, data, settings.
  public let notes: [String]
  /// What is left out: failed trials, seeds that only one side has.
  public let warnings: [String]

  /// - Parameters:
  ///   - old: The results to start from.
  ///   - new: The results to hold against them.
  ///   - isIncluded: Which cells are compared.
  ///   - isMetricIncluded: Which metrics are compared and make the family.
  /// - Throws: ``BaselineError`` if the old results hold no finished trial.
  public init(
    _ old: ResultSet, _ new: ResultSet,
    isIncluded: @escaping @Sendable (_ cell: [String: String]) -> Bool = { _ in true },
    isMetricIncluded: (String) -> Bool = { _ in true }
  ) throws(BaselineError) {
    var finished = old
    finished.records.removeAll { $0.status == .error || $0.status == .timeout }
    let all = Set(finished.records.flatMap(\.metrics.keys)).subtracting(TimingMetrics.ids)
    let ids = all.filter(isMetricIncluded)
    let policy = Policy(
      alpha: Self.alpha, minSeeds: 2,
      metrics: Dictionary(uniqueKeysWithValues: ids.map { ($0, .init(better: .none)) }))
    let baseline = try BaselineV1(
      recording: finished, policy: policy, tool: "", now: "", why: "")
    var gate = Gate(refusesOtherSettings: false, isIncluded: isIncluded)
    gate.adjustment = .singleStep
    let report = gate.check(new, against: baseline)
    findings = report.findings.filter { $0.verdict != .missing }
    familySize = report.testCount
    otherDifferenceCount = Self.differenceCount(
      ResultCells(finished.records, isIncluded: isIncluded),
      ResultCells(new.records, isIncluded: isIncluded), in: all.subtracting(ids))
    let there = Set(new.records.filter { $0.status == .ok }.map(\.cell))
    onlyOld = baseline.cells.filter { isIncluded($0.keys) && !there.contains($0.name) }.map(\.name)
    onlyNew = report.extraCells
    notes = report.notes
    warnings =
      old.warnings + report.warnings
      + old.records.filter { $0.status == .error || $0.status == .timeout }.map {
        "\($0.cell), seed \($0.seed), failed in the old results"
      }
  }

  /// How many pairs of a cell and a metric have another value with some seed that both sides have.
  private static func differenceCount(
    _ old: ResultCells, _ new: ResultCells, in metrics: Set<String>
  ) -> Int {
    var count = 0
    for (name, before) in old.measured {
      guard let after = new[name] else { continue }
      let pairs = before.trials.compactMap { seed, trial in after.trials[seed].map { (trial, $0) } }
      count += metrics.count { metric in
        pairs.contains { old, new in
          guard let one = old.metrics[metric], let other = new.metrics[metric] else { return false }
          return one != other
        }
      }
    }
    return count
  }
}
