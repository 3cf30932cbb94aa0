public import Results

/// A trial of the gate itself, which has to turn red when a worsening is planted.
///
/// A comparator that tests the wrong thing stays green for good. So a worsening is added to a copy
/// of the results, to every seed of one cell and one metric at a time, and the gate has to call
/// each a regression. The worsening is twice the smallest change that the gate claims to see in that
/// check, because planting it changes the number of tests and the variance that they share.
public struct SelfTest: Sendable {
  /// One planted worsening.
  public struct Plant: Hashable, Sendable {
    public let cell: String
    public let metric: String
    /// How much was added for the worse, in the metric's unit.
    public let size: Double
    /// What the gate said about it.
    public let verdict: CheckVerdict
    /// Whether the gate as a whole turned red.
    public let isRed: Bool

    public var isFound: Bool { verdict == .regression && isRed }
  }

  /// Up to a few per metric, spread over the cells.
  public let plants: [Plant]

  /// Whether there was something to plant in, and all of it was found.
  public var isPassed: Bool { !plants.isEmpty && plants.allSatisfy(\.isFound) }

  /// Plants in at most `limit` cells of each metric.
  public init(
    _ gate: Gate, _ results: ResultSet, against baseline: BaselineV1, perMetric limit: Int = 3
  ) {
    let report = gate.check(results, against: baseline)
    var byMetric: [String: [Finding]] = [:]
    for finding in report.findings
    where finding.worsening != nil && finding.verdict != .regression {
      guard gate.isExact || finding.smallestVisible != nil else { continue }
      byMetric[finding.metric, default: []].append(finding)
    }
    var plants: [Plant] = []
    for (_, findings) in byMetric.sorted(by: { $0.key < $1.key }) {
      let step = max(1, findings.count / limit)
      for finding in stride(from: 0, to: findings.count, by: step).prefix(limit).map({
        findings[$0]
      }) {
        plants.append(Self.plant(finding, gate, results, baseline))
      }
    }
    self.plants = plants
  }

  private static func plant(
    _ finding: Finding, _ gate: Gate, _ results: ResultSet, _ baseline: BaselineV1
  ) -> Plant {
    // What is there already counts: the mean has to end up beyond what the gate claims to see.
    let wanted = 2 * max(finding.smallestVisible ?? 0, finding.tolerance, 1e-6)
    let size = wanted - min(0, finding.worsening ?? 0)
    // Where neither direction is better, the way that it went already.
    let hasRisen = (finding.current ?? 0) >= (finding.baseline ?? 0)
    let sign = finding.better == .higher || finding.better == .none && !hasRisen ? -1.0 : 1.0
    var worsened = results
    for index in worsened.records.indices where worsened.records[index].cell == finding.cell {
      guard let value = worsened.records[index].metrics[finding.metric] ?? nil else { continue }
      worsened.records[index].metrics[finding.metric] = .some(value + sign * size)
    }
    let report = gate.check(worsened, against: baseline)
    let verdict = report.findings.first {
      $0.cell == finding.cell && $0.metric == finding.metric
    }?.verdict
    return Plant(
      cell: finding.cell, metric: finding.metric, size: size, verdict: verdict ?? .missing,
      isRed: report.outcome() == .regressed)
  }
}
