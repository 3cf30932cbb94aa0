import Statistics

/// Turns the numbers of a gate into verdicts.
struct Judgement {
  private let policy: Policy
  private let quantiles = TQuantiles()

  private let adjustment: ModeratedTest.Adjustment

  init(_ policy: Policy, adjustment: ModeratedTest.Adjustment = .stepwise) {
    self.policy = policy
    self.adjustment = adjustment
  }

  /// The findings, in the order of the checks, what the gate could have seen, and the number of
  /// tests.
  func findings(of checks: [CellCheck]) -> ([Finding], [GateReport.Visibility], tests: Int) {
    let tested = checks.indices.filter { index in
      (checks[index].worsening?.count ?? 0) >= policy.minSeeds
    }
    let test = ModeratedTest(
      tested.map { index in
        .init(
          metric: checks[index].finding.metric, worsening: checks[index].worsening ?? [],
          isTwoSided: checks[index].policy.better == .none)
      }, adjustment: adjustment)
    let outcomes = Dictionary(uniqueKeysWithValues: zip(tested, test.outcomes))
    let findings = checks.indices.map { index in
      finding(checks[index], outcomes[index], test, count: test.count)
    }
    return (findings, visibility(findings), test.count)
  }

  private func finding(
    _ check: CellCheck, _ outcome: ModeratedTest.Outcome?, _ test: ModeratedTest, count: Int
  ) -> Finding {
    var finding = check.finding
    let changes = check.worsening ?? []
    if finding.verdict == .identical, finding.baseline != nil,
      finding.seeds.count >= policy.minSeeds
    {
      finding.smallestVisible = visible(
        finding, own: 0, prior: test.priors[finding.metric] ?? 0, count: count + 1)
    }
    guard !changes.isEmpty else { return finding }
    guard let outcome else {
      finding.verdict = .inconclusive
      finding.reason =
        "\(changes.count) common \(changes.count == 1 ? "seed" : "seeds"), \(policy.minSeeds) needed"
      return finding
    }
    let own = Moments.sampleVariance(changes) ?? 0
    let spread = ModeratedTest.Spread(own: own, prior: outcome.prior, count: changes.count)
    let tail =
      adjustment == .stepwise
      ? 0.025 : self.tail(sharedBy: count, isTwoSided: check.policy.better == .none)
    let half = spread.standardError * quantiles.upper(tail: tail, degrees: spread.degrees)
    guard outcome.mean.isFinite, half.isFinite else {
      finding.verdict = .inconclusive
      finding.reason = "the values are too large to compute with"
      return finding
    }
    let reach = (outcome.mean - half)...(outcome.mean + half)
    finding.interval =
      check.policy.better == .higher ? -reach.upperBound ... -reach.lowerBound : reach
    if check.policy.better == .none, let baseline = finding.baseline, let current = finding.current,
      current < baseline
    {
      finding.interval = -reach.upperBound ... -reach.lowerBound
    }
    finding.smallestVisible = visible(finding, own: own, prior: outcome.prior, count: count)
    if outcome.mean > finding.tolerance {
      finding.pValue = outcome.pValue
      finding.verdict = outcome.pValue <= policy.alpha ? .regression : .inconclusive
      if finding.verdict == .inconclusive {
        finding.moreSeeds = moreSeeds(finding, outcome, own: own, tests: count)
      }
    } else {
      let isBetter = outcome.mean < -finding.tolerance && outcome.betterPValue <= policy.alpha
      finding.verdict = isBetter ? .improved : .pass
      if isBetter { finding.pValue = outcome.betterPValue }
    }
    // Lower bounds can prove a worsening; whatever else they seem to say may not be so.
    if let bounds = check.bounds, finding.verdict != .regression {
      finding.verdict = .inconclusive
      finding.reason = bounds
    }
    return finding
  }

  /// The smallest mean worsening that would have been a regression among `count` tests.
  private func visible(_ finding: Finding, own: Double, prior: Double, count: Int) -> Double {
    let spread = ModeratedTest.Spread(own: own, prior: prior, count: finding.seeds.count)
    let tail = tail(sharedBy: count, isTwoSided: finding.better == .none)
    let needed = spread.standardError * quantiles.upper(tail: tail, degrees: spread.degrees)
    return max(finding.tolerance, needed)
  }

  /// What is left of alpha for one side of one of so many tests; never nothing.
  private func tail(sharedBy count: Int, isTwoSided: Bool) -> Double {
    max(.leastNormalMagnitude, policy.alpha / Double(max(1, count)) / (isTwoSided ? 2 : 1))
  }

  /// How many more seeds would make the same mean, with the same spread, a regression.
  private func moreSeeds(
    _ finding: Finding, _ outcome: ModeratedTest.Outcome, own: Double, tests: Int
  ) -> Int {
    let alpha = policy.alpha / Double(max(1, tests))
    func isEnough(_ more: Int) -> Bool {
      let spread = ModeratedTest.Spread(
        own: own, prior: outcome.prior, count: finding.seeds.count + more)
      return spread.pValue(of: outcome.mean, isTwoSided: finding.better == .none) <= alpha
    }
    guard isEnough(1000) else { return 1001 }
    // More seeds never make p larger.
    var (few, enough) = (0, 1000)
    while enough - few > 1 {
      let middle = (few + enough) / 2
      if isEnough(middle) { enough = middle } else { few = middle }
    }
    return enough
  }

  private func visibility(_ findings: [Finding]) -> [GateReport.Visibility] {
    var byMetric: [String: [Finding]] = [:]
    for finding in findings where finding.smallestVisible != nil {
      byMetric[finding.metric, default: []].append(finding)
    }
    return byMetric.sorted { $0.key < $1.key }.compactMap { metric, findings in
      let sizes = findings.map { $0.smallestVisible ?? 0 }
      guard let worst = zip(sizes, findings).max(by: { $0.0 < $1.0 }) else { return nil }
      return GateReport.Visibility(
        metric: metric, tolerance: policy.metrics[metric]?.abs ?? 0,
        median: Median.of(sizes) ?? 0, largest: worst.0, largestCell: worst.1.cell,
        blindCount: findings.count { ($0.smallestVisible ?? 0) > 2 * $0.tolerance },
        checkCount: findings.count)
    }
  }
}
