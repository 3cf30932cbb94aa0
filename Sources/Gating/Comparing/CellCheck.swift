import Results
import Statistics

/// One metric of one cell on both sides, before any statistics.
struct CellCheck {
  /// The finding as far as it is known.
  var finding: Finding
  /// The worsening of each common seed, where there is something to test.
  var worsening: [Double]?
  /// Which seeds of the results are only lower bounds, in words; the changes are bounds then, too.
  var bounds: String?
  /// The policy of the metric as it holds for this cell.
  var policy: Policy.MetricPolicy

  /// The name of the check of the final parameters.
  static let parameters = "parameters"

  /// The checks of one cell.
  static func all(
    _ cell: BaselineV1.Cell, _ now: ResultCells.Cell?, tolerances: Tolerances, isExact: Bool,
    incomparable: String?
  ) -> [CellCheck] {
    let metrics = isExact ? cell.metrics.keys.sorted() : tolerances.gated
    let sides = Sides(cell, now)
    var checks = metrics.compactMap { metric -> CellCheck? in
      let entry = tolerances.entries[metric] ?? .init(policy: .init(better: .none))
      var check = CellCheck(
        finding: Finding(
          attack: cell.attack, defense: cell.defense, axes: cell.axes, cell: cell.name,
          metric: metric, better: entry.policy.better, verdict: .missing,
          tolerance: isExact ? 0 : entry.policy.abs, override: entry.override, line: cell.line),
        worsening: nil, policy: entry.policy)
      if let incomparable {
        check.finding.verdict = .incomparable
        check.finding.reason = incomparable
        return check
      }
      return check.filled(sides, isExact: isExact)
    }
    if isExact, incomparable == nil, !cell.parameters.isEmpty {
      checks.append(parametersCheck(sides))
    }
    return checks
  }

  /// Fills in the numbers; `nil` where neither side has any.
  private func filled(_ sides: Sides, isExact: Bool) -> CellCheck? {
    var check = self
    let metric = finding.metric
    guard let values = sides.cell.metrics[metric] else {
      check.finding.verdict = .incomparable
      check.finding.reason = "the baseline has no values of it; 'baseline accept' records them"
      return check
    }
    guard !sides.seeds.isEmpty else {
      check.finding.reason = sides.missingReason
      return check
    }
    check.finding.seeds = sides.seeds
    let before = sides.seeds.map { values[sides.index[$0] ?? 0] }
    var after: [Double?] = []
    for metrics in sides.metrics {
      guard let value = metrics[metric] else {
        check.finding.reason = "the results do not know the metric '\(metric)'"
        return check
      }
      after.append(value)
    }
    check.compare(before, after)
    if check.finding.verdict == .identical, before.allSatisfy({ $0 == nil }) { return nil }
    let bounds = sides.censoredSeeds(metric)
    if !bounds.then.isEmpty || !bounds.now.isEmpty {
      check.censor(bounds, isExact: isExact)
    }
    if isExact, check.finding.verdict != .identical {
      check.finding.verdict = .regression
      check.finding.reason = check.finding.reason ?? sides.difference(before, after)
      check.worsening = nil
    }
    if isExact, sides.seeds.count < sides.cell.seeds.count, check.finding.verdict == .identical {
      check.finding.verdict = .missing
      check.finding.reason = sides.missingReason
    }
    return check
  }

  private mutating func compare(_ before: [Double?], _ after: [Double?]) {
    let pairs = zip(before, after).compactMap { old, new in old.flatMap { o in new.map { (o, $0) } }
    }
    if !pairs.isEmpty {
      let count = Double(pairs.count)
      let old = pairs.reduce(0) { $0 + $1.0 } / count
      finding.baseline = old
      finding.current = pairs.reduce(0) { $0 + $1.1 } / count
      finding.tolerance = max(finding.tolerance, policy.rel * old.magnitude)
    }
    // A seed without a number on either side is evidence of nothing.
    let all = finding.seeds
    if !pairs.isEmpty {
      finding.seeds = zip(all, zip(before, after)).filter { $0.1.0 != nil && $0.1.1 != nil }.map(
        \.0)
    }
    if before == after {
      finding.verdict = .identical
      finding.worsening = pairs.isEmpty ? nil : 0
      return
    }
    let sign = policy.better == .higher ? -1.0 : 1.0
    var changes = pairs.map { sign * ($0.1 - $0.0) }
    // Where neither direction is better, whichever way it went is the wrong one.
    if policy.better == .none, changes.reduce(0, +) < 0 { changes = changes.map { -$0 } }
    finding.worsening = Moments.mean(changes)
    let flipped = zip(all, zip(before, after)).filter {
      ($0.1.0 == nil) != ($0.1.1 == nil)
    }
    if let first = flipped.first {
      finding.verdict = .regression
      finding.seeds = all
      let seeds = Self.list(flipped.map(\.0))
      finding.reason =
        first.1.0 == nil
        ? "had no value in \(seeds) and has one now" : "has no value any more in \(seeds)"
      return
    }
    worsening = changes
  }

  /// Values that are only bounds are evidence of nothing but themselves.
  private mutating func censor(_ seeds: (then: [Int], now: [Int]), isExact: Bool) {
    let all = Set(seeds.then).union(seeds.now).sorted()
    if seeds.then == seeds.now, finding.verdict == .identical { return }
    if finding.verdict == .regression, worsening == nil { return }
    if isExact {
      if seeds.then != seeds.now { finding.verdict = .regression }
      return
    }
    let reason = "only a lower bound in \(Self.list(all))"
    if policy.better == .lower, seeds.then.isEmpty, worsening != nil {
      // What is worse by its bound is worse.
      bounds = reason
      return
    }
    finding.verdict = .inconclusive
    finding.reason = reason
    worsening = nil
  }

  private static func parametersCheck(_ sides: Sides) -> CellCheck {
    let cell = sides.cell
    var finding = Finding(
      attack: cell.attack, defense: cell.defense, axes: cell.axes, cell: cell.name,
      metric: parameters, better: .none, verdict: .identical, seeds: sides.seeds, tolerance: 0,
      line: cell.line)
    let changed = sides.seeds.filter { seed in
      let now = sides.now?.trials[seed]?.parametersSHA256 ?? ""
      let then = cell.parameters[sides.index[seed] ?? 0]
      return then.isEmpty || !now.hasPrefix(then)
    }
    if sides.seeds.count < cell.seeds.count {
      finding.verdict = .missing
      finding.reason = sides.missingReason
    }
    if !changed.isEmpty {
      finding.verdict = .regression
      finding.reason = "the final parameters differ in \(list(changed))"
    }
    return CellCheck(finding: finding, worsening: nil, policy: .init(better: .none))
  }

  /// `seed 3`, or `seeds 1, 2 and 3`.
  static func list(_ seeds: [Int]) -> String {
    let texts = seeds.prefix(8).map(String.init)
    let more = seeds.count > 8 ? " and \(seeds.count - 8) more" : ""
    return (seeds.count == 1 ? "seed " : "seeds ") + texts.joined(separator: ", ") + more
  }

  /// Why seeds of the baseline are not in the results; `nil` if all are.
  static func missingReason(_ cell: BaselineV1.Cell, _ now: ResultCells.Cell?) -> String? {
    guard let now else { return "the results have no such cell" }
    let absent = cell.seeds.filter { now.trials[$0] == nil }
    if let seed = absent.first(where: { now.reasons[$0] != nil }), let reason = now.reasons[seed] {
      return "seed \(seed): \(reason)"
    }
    return absent.isEmpty ? nil : "the results lack \(list(absent))"
  }

  /// One cell of the baseline beside the results.
  private struct Sides {
    let cell: BaselineV1.Cell
    let now: ResultCells.Cell?
    /// Seeds with numbers on both sides, ascending.
    let seeds: [Int]
    /// The place of each seed in the baseline.
    let index: [Int: Int]
    /// The numbers of the results, and which of them are only bounds, in the order of the seeds.
    let metrics: [[String: Double?]]
    private let censored: [[String]]

    init(_ cell: BaselineV1.Cell, _ now: ResultCells.Cell?) {
      self.cell = cell
      self.now = now
      let trials = cell.seeds.compactMap { now?.trials[$0] }
      seeds = trials.map(\.seed)
      metrics = trials.map(\.metrics)
      censored = trials.map(\.censored)
      index = Dictionary(uniqueKeysWithValues: zip(cell.seeds, 0...))
    }

    /// Why seeds of the baseline are not in the results.
    var missingReason: String? { CellCheck.missingReason(cell, now) }

    func censoredSeeds(_ metric: String) -> (then: [Int], now: [Int]) {
      let then = (cell.censored[metric] ?? []).filter(seeds.contains).sorted()
      let bounded = zip(seeds, censored).filter { $0.1.contains(metric) }.map(\.0)
      return (then, bounded)
    }

    func difference(_ before: [Double?], _ after: [Double?]) -> String {
      let changed = zip(seeds, zip(before, after)).filter { $0.1.0 != $0.1.1 }.map(\.0)
      return "differs in \(CellCheck.list(changed))"
    }
  }
}
