import Diagnostics
import Results
import Statistics

extension Claim {
  /// Fewer seeds give no interval worth the name.
  static let minSeeds = 3

  /// Judges every bound.
  ///
  /// A bound holds if the end of the one-sided t interval over the seeds lies within it, is broken
  /// if the mean itself lies beyond it, and is inconclusive between the two. Figures of attack success
  /// are void where the model is dead, see ``VoidFigures``: neither an upper nor a lower bound holds.
  func judge(_ results: ResultCells) -> [ClaimFinding] {
    let matching = results.measured.filter { cells.matches($0.cell.keys) }
    guard !matching.isEmpty else {
      let problem = cells.problem(among: results.measured.map(\.cell.keys))
      return bounds.map { bound in
        var finding = finding(bound, subject: "no cell")
        finding.reason = problem ?? "no cell meets all conditions at once"
        return finding
      }
    }
    return bounds.flatMap { bound in judge(bound, matching) }
  }

  private func judge(
    _ bound: Bound, _ cells: [(name: String, cell: ResultCells.Cell)]
  ) -> [ClaimFinding] {
    let each = cells.map { name, cell in
      gap(bound, name, cell) ?? void(bound, name, cell)
        ?? remarked(
          judged(bound, subject: name, values: values(of: bound.metric, cell)), bound, [cell])
    }
    switch over {
    case .everyCell: return each
    case .worst: return [worst(each, bound)]
    case .mean: return [mean(cells, bound)]
    }
  }

  private func worst(_ each: [ClaimFinding], _ bound: Bound) -> ClaimFinding {
    // A cell without numbers may be the worst of all.
    if var gap = each.first(where: { $0.verdict == .missing }) {
      gap.reason = "\(gap.subject): \(gap.reason ?? "no value")"
      gap.subject = "worst of \(each.count)"
      return gap
    }
    // A broken cell has no interval, and one with few seeds neither: the verdict comes first.
    func badness(_ finding: ClaimFinding) -> (Int, Double) {
      let limit = finding.limit ?? finding.value ?? 0
      let hardness: Int =
        switch finding.verdict {
        case .void, .missing: 3
        case .broken: 2
        case .inconclusive: 1
        case .holds: 0
        }
      return (hardness, bound.relation == .atMost ? limit : -limit)
    }
    guard var worst = each.max(by: { badness($0) < badness($1) }) else {
      return finding(bound, subject: "no cell")
    }
    worst.subject = "worst of \(each.count): \(worst.subject)"
    return worst
  }

  private func mean(
    _ cells: [(name: String, cell: ResultCells.Cell)], _ bound: Bound
  ) -> ClaimFinding {
    let subject = "mean of \(cells.count)"
    // A cell that failed would have counted, and one that is void counts for nothing.
    let gaps =
      cells.compactMap { gap(bound, $0.name, $0.cell) }
      + cells.compactMap { void(bound, $0.name, $0.cell) }
    if var gap = gaps.first {
      let name = gap.subject
      gap.reason = "\(name): \(gap.reason ?? "no value")"
      gap.subject = subject
      gap.seeds = []
      gap.value = nil
      return gap
    }
    let each = cells.map { values(of: bound.metric, $0.cell) }
    // Only seeds that every cell has: the mean is to be of the same cells for each of them.
    let seeds = each.dropFirst().reduce(Set(each.first?.keys.map { $0 } ?? [])) {
      $0.intersection($1.keys)
    }
    var means: [Int: Value] = [:]
    for seed in seeds {
      let values = each.compactMap { $0[seed] }
      means[seed] = Moments.mean(values.map(\.number)).map {
        Value(number: $0, isBound: values.contains(where: \.isBound))
      }
    }
    return remarked(judged(bound, subject: subject, values: means), bound, cells.map(\.cell))
  }

  /// A value of one seed, which may be only a lower bound.
  private struct Value {
    var number: Double
    var isBound: Bool
  }

  private func values(of metric: String, _ cell: ResultCells.Cell) -> [Int: Value] {
    cell.trials.compactMapValues { trial in
      (trial.metrics[metric] ?? nil).map {
        Value(number: $0, isBound: trial.censored.contains(metric))
      }
    }
  }

  /// The finding for a cell in which a trial failed: nobody knows what it would have said.
  private func gap(_ bound: Bound, _ name: String, _ cell: ResultCells.Cell) -> ClaimFinding? {
    guard let seed = cell.failed.min() else { return nil }
    var gap = finding(bound, subject: name)
    gap.reason = "seed \(seed): \(cell.reasons[seed] ?? "the trial failed")"
    return gap
  }

  /// The finding for a cell whose figures of attack success are those of a dead model.
  private func void(_ bound: Bound, _ name: String, _ cell: ResultCells.Cell) -> ClaimFinding? {
    let values = values(of: bound.metric, cell)
    guard !values.isEmpty, let reason = VoidFigures.reason(bound.metric, cell.finished) else {
      return nil
    }
    var void = finding(bound, subject: name)
    void.verdict = .void
    void.seeds = values.keys.sorted()
    void.value = Moments.mean(void.seeds.compactMap { values[$0]?.number })
    void.reason = reason
    return void
  }

  /// The finding with a word about dead models among the seeds of cells that are not void.
  private func remarked(
    _ finding: ClaimFinding, _ bound: Bound, _ cells: [ResultCells.Cell]
  ) -> ClaimFinding {
    let found = cells.compactMap { VoidFigures.partly(bound.metric, $0.finished) }
    guard finding.value != nil, !found.isEmpty else { return finding }
    var finding = finding
    let dead = found.reduce(0) { $0 + $1.deadCount }
    let count = found.reduce(0) { $0 + $1.count }
    let text = "in \(dead) of \(count) seeds the model is dead"
    finding.reason = finding.reason.map { "\($0); \(text)" } ?? text
    return finding
  }

  private func judged(_ bound: Bound, subject: String, values: [Int: Value]) -> ClaimFinding {
    var finding = finding(bound, subject: subject)
    finding.seeds = values.keys.sorted()
    let numbers = finding.seeds.compactMap { values[$0]?.number }
    let hasBounds = values.values.contains(where: \.isBound)
    guard let mean = Moments.mean(numbers) else {
      finding.reason = "no trial has a value of \(bound.metric)"
      return finding
    }
    finding.value = mean
    let sign = bound.relation == .atMost ? 1.0 : -1.0
    func isWithin(_ value: Double) -> Bool { sign * value <= sign * bound.value }
    // Lower bounds can break an upper limit and keep a lower one, and say nothing else.
    if hasBounds, isWithin(mean) == (bound.relation == .atMost) {
      finding.verdict = .inconclusive
      finding.reason = "some values are only lower bounds"
      return finding
    }
    guard isWithin(mean) else {
      finding.verdict = .broken
      return finding
    }
    guard numbers.count >= Self.minSeeds else {
      finding.verdict = .inconclusive
      finding.reason = "\(Self.minSeeds) seeds are needed for an interval"
      return finding
    }
    let variance = Moments.sampleVariance(numbers) ?? 0
    let error = (variance / Double(numbers.count)).squareRoot()
    let t = StudentT.quantile(upperTail: 1 - confidence, degrees: Double(numbers.count - 1))
    let limit = mean + sign * error * t
    guard limit.isFinite else {
      finding.verdict = .inconclusive
      finding.reason = "the values are too large to compute with"
      return finding
    }
    finding.limit = limit
    finding.verdict = isWithin(limit) ? .holds : .inconclusive
    return finding
  }

  private func finding(_ bound: Bound, subject: String) -> ClaimFinding {
    ClaimFinding(
      claim: id, subject: subject, metric: bound.metric, relation: bound.relation,
      bound: bound.value, verdict: .missing, confidence: confidence, source: source,
      isKnownToFail: !holds, reason: holds ? nil : note, line: position?.line)
  }
}
