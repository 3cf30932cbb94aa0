import Federation
public import Results

/// Turns traces into records, in plan order, as soon as all that a record needs is there.
///
/// Traces of a group of trials that share seed and axes are dropped when the group is recorded.
struct TrialRecorder {
  private let plan: Plan
  private let metrics: MetricCatalog
  private let workload: Workload
  private var outcomes: [Int: TrialRun.Outcome] = [:]
  private var traces: [Int: TrialTrace] = [:]
  private var stopped: Set<Int> = []
  /// The place in the workload of the first trial of the group that is being recorded.
  private var groupStart = 0
  /// Trials of groups that were recorded to the end.
  private var ended: [PlannedTrial] = []
  /// How many trials of the workload are done, which is the place in it of the next one.
  private(set) var next = 0
  /// Whether everything ran to its end or failed.
  var isComplete: Bool { next == workload.indices.count && stopped.isEmpty }

  init(plan: Plan, metrics: MetricCatalog, workload: Workload) {
    self.plan = plan
    self.metrics = metrics
    self.workload = workload
  }

  /// Takes the outcome of one trial and returns the records that can be written now, in order.
  ///
  /// - Throws: ``RepetitionError`` if it was recorded before, with other parameters.
  mutating func take(_ outcome: TrialRun.Outcome, of index: Int) throws(RepetitionError)
    -> [FinishedTrial]
  {
    try check(outcome, of: index)
    outcomes[index] = outcome
    var finished: [FinishedTrial] = []
    while next < workload.indices.count,
      let outcome = outcomes.removeValue(forKey: workload.indices[next])
    {
      let index = workload.indices[next]
      if let trial = record(index, outcome) { finished.append(trial) }
      next += 1
      dropTraces(before: next)
    }
    return finished
  }

  private func check(_ outcome: TrialRun.Outcome, of index: Int) throws(RepetitionError) {
    guard let digest = workload.digests[index] else { return }
    let trial = plan.trials[index]
    switch outcome {
    case .finished(let trace, _) where trace.parametersDigest != digest:
      throw RepetitionError(cell: trial.cell, seed: trial.seed, failure: nil)
    case .failed(let message):
      throw RepetitionError(cell: trial.cell, seed: trial.seed, failure: message)
    case .finished, .stopped: break
    }
  }

  /// Returns the trials whose groups were recorded to the end since it was last asked: nothing is
  /// compared to them any more.
  mutating func takeEnded() -> [PlannedTrial] {
    defer { ended = [] }
    return ended
  }

  /// Forgets the traces when a group has been recorded.
  private mutating func dropTraces(before place: Int) {
    let last = plan.trials[workload.indices[place - 1]]
    let next = place < workload.indices.count ? plan.trials[workload.indices[place]] : nil
    if last.seed != next?.seed || last.variant != next?.variant {
      traces.removeAll(keepingCapacity: true)
      let group = workload.indices[groupStart..<place]
      if stopped.isDisjoint(with: group) { ended += group.map { plan.trials[$0] } }
      groupStart = place
    }
  }

  private mutating func record(_ index: Int, _ outcome: TrialRun.Outcome) -> FinishedTrial? {
    let trial = plan.trials[index]
    var record = TrialRecordV1(
      key: trial.key, attack: trial.attack, defense: trial.defense, axes: trial.axes,
      seed: Int(trial.seed), engine: Engine.number, status: .ok, rounds: trial.rounds,
      isImplied: trial.isImplied)
    if case .notApplicable(let reason) = trial.feasibility {
      record.status = .notApplicable
      record.message = reason
      record.rounds = 0
      return FinishedTrial(record: record, rounds: [])
    }
    switch outcome {
    case .stopped:
      stopped.insert(index)
      return nil
    case .failed(let message):
      record.status = .error
      record.message = message
      record.rounds = 0
      return FinishedTrial(record: record, rounds: [])
    case .finished(let trace, let hygiene):
      if workload.repeated.contains(index) {
        traces[index] = trace
        return nil
      }
      // Its metrics would lack what they compare to; the trial is run again with its twins.
      let needed = [trial.twin, trial.undefendedTwin, trial.undefended].compactMap { $0 }
      guard stopped.isDisjoint(with: needed) else {
        stopped.insert(index)
        return nil
      }
      traces[index] = trace
      fill(&record, trial, trace, hygiene)
      return FinishedTrial(
        record: record, rounds: workload.withRounds.contains(index) ? [] : rounds(trace))
    }
  }

  private func fill(
    _ record: inout TrialRecordV1, _ trial: PlannedTrial, _ trace: TrialTrace,
    _ hygiene: DefenseHygiene
  ) {
    let key = trial.attackChoice.rosterKey
    let twin = trial.twin.flatMap { traces[$0] }.map { twin in
      key.flatMap { twin.views[$0] }?.applied(to: twin) ?? twin
    }
    let evidence = TrialEvidence(
      trial: trace, twin: twin.map { trace.control?.measured(on: $0) ?? $0 },
      undefendedTwin: trial.undefendedTwin.flatMap { traces[$0] },
      undefended: trial.undefended.flatMap { traces[$0] })
    for metric in metrics.metrics {
      for (id, outcome) in metric.evaluate(evidence) {
        switch outcome {
        case .value(let value) where !value.isFinite, .censored(let value) where !value.isFinite:
          record.metrics[id] = .some(nil)
          record.absent[id] = "it is not finite"
        case .value(let value):
          record.metrics[id] = .some(value)
        case .censored(let value):
          record.metrics[id] = .some(value)
          record.censored.append(id)
        case .absent(let reason):
          record.metrics[id] = .some(nil)
          record.absent[id] = reason
        }
      }
    }
    record.censored.sort()
    let scenario = plan.variants[trial.variant].scenario
    let standing = plan.standing(of: trial)
    let facts = FlagFacts(
      knowsExactCount: standing.knowsExactCount, usesServerData: standing.usesServerData,
      isStateful: standing.isStateful, isOutsideProof: trace.isOutsideProof,
      isNondeterministic: hygiene.isNondeterministic, isOrderDependent: hygiene.isOrderDependent)
    record.flags = metrics.flags.filter { $0.isRaised(by: evidence, facts: facts) }.map { $0.id }
      .sorted()
    record.parametersSHA256 = trace.parametersDigest
    record.roc = trace.operatingCurves.mapValues { $0.map(Self.shortened) }
    record.resolved = trace.resolved.filter { $0.value.isFinite }
    record.resolved["attackers"] = Double(trial.attackerCount)
    record.resolved["participants"] = Double(scenario.clients.participantCount)
    if let f = trial.defenseChoice.byzantineCount { record.resolved["f"] = Double(f) }
    let dropped = trace.rounds.reduce(0) { $0 + $1.droppedCount }
    if dropped > 0 { record.resolved["dropped"] = Double(dropped) }
    if scenario.clients.losesUpdates {
      for (name, series) in [
        ("silent", AttendanceSeries.silent), ("late", AttendanceSeries.late),
        ("late-attackers", AttendanceSeries.lateAttackers),
      ] {
        record.resolved[name] = trace.rounds.reduce(0) { $0 + ($1.figures[series] ?? 0) }
      }
    }
  }

  /// To four decimals, which is more than a picture shows: a hundred rates would fill the line.
  private static func shortened(_ rate: Double) -> Double { (rate * 10_000).rounded() / 10_000 }

  /// Rows for `rounds.csv`; times are left out, so that equal runs give equal files.
  private func rounds(_ trace: TrialTrace) -> [RoundRecordV1] {
    trace.rounds.enumerated().map { round, entry in
      RoundRecordV1(
        round: round, values: entry.figures.filter { MetricCatalog.isRecorded(series: $0.key) })
    }
  }
}

/// A record with its per-round figures, ready to be written.
public struct FinishedTrial: Sendable {
  public let record: TrialRecordV1
  public let rounds: [RoundRecordV1]
}
