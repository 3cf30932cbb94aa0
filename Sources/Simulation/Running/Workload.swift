public import Federation
public import Results

/// Which trials of a plan have to run, given what is recorded already.
///
/// Trials that are settled are skipped, with two exceptions: one that a trial to run is compared to
/// runs again, for its trace alone; and one whose reference failed is recorded again, since that
/// failure left gaps in its metrics.
///
/// Of a shard only its own trials are recorded. What they are compared to in other shards runs for
/// its trace alone, too, and is recorded only if it fails: the trials that miss it run again then.
public struct Workload: Sendable {
  /// Trials that will be recorded.
  public private(set) var recordedCount = 0
  /// Trials that are recorded already and stay as they are.
  public private(set) var finishedCount = 0
  /// Those of them that run again, because trials to run are compared to them.
  public private(set) var repeatedCount = 0
  /// Trials of other shards that run, because trials of this one are compared to them.
  public private(set) var borrowedCount = 0
  /// Rounds of all trials that run.
  public private(set) var roundCount = 0

  /// Indices in the plan of the trials that run, ascending.
  private(set) var indices: [Int] = []
  /// Those of them that are not recorded, unless they fail.
  private(set) var repeated: Set<Int> = []
  /// What the final parameters of trials that were recorded have to be.
  private(set) var digests: [Int: String] = [:]
  /// Trials that have their rows in `rounds.csv` already.
  private(set) var withRounds: Set<Int> = []

  /// The trials that observers see, ascending: those that are recorded here for the first time, failed
  /// ones again.
  var observed: [Int] {
    indices.filter { !repeated.contains($0) && !withRounds.contains($0) }
  }

  /// - Parameters:
  ///   - plan: What a whole run would do.
  ///   - recorded: One record per trial, of this plan or of others.
  ///   - share: The places in the plan of the trials to record; `nil`: all.
  public init(_ plan: Plan, recorded: [TrialRecordV1] = [], share: Range<Int>? = nil) {
    let known = Dictionary(recorded.map { ($0.identity, $0) }) { _, last in last }
    let records = plan.trials.map { known[$0.identity] }
    let share = share ?? plan.trials.indices
    let isFinished = plan.trials.indices.map { index in
      records[index]?.isSettled == true
        && plan.trials[index].references.allSatisfy { records[$0]?.isSettled != false }
    }
    var borrowed: Set<Int> = []
    for index in share where !isFinished[index] {
      for reference in plan.trials[index].references
      where plan.trials[reference].feasibility == .ready {
        if isFinished[reference] {
          repeated.insert(reference)
        } else if !share.contains(reference) {
          borrowed.insert(reference)
        }
      }
    }
    for (index, trial) in plan.trials.enumerated() {
      if share.contains(index) {
        if isFinished[index] { finishedCount += 1 } else { recordedCount += 1 }
      }
      let isOwn = share.contains(index) && !isFinished[index]
      guard isOwn || repeated.contains(index) || borrowed.contains(index) else { continue }
      indices.append(index)
      if trial.feasibility == .ready { roundCount += trial.rounds }
      if let record = records[index], record.status == .ok {
        digests[index] = record.parametersSHA256
        withRounds.insert(index)
      }
    }
    borrowedCount = borrowed.count
    repeatedCount = repeated.count
    // One whose failure is in the folder is recorded, whatever comes of it.
    repeated.formUnion(borrowed.filter { records[$0] == nil })
  }
}

extension PlannedTrial {
  /// What its line in a results folder is known by.
  public var identity: TrialIdentity { TrialIdentity(key: key, cell: cell) }

  /// The places in the plan of what it is compared to.
  var references: [Int] { [twin, undefendedTwin, undefended].compactMap(\.self) }
}

extension Plan {
  /// What a results folder may hold for this plan to go on there.
  public var expectedRun: ExpectedRun {
    var run = ExpectedRun(scenario: name, engine: Engine.number)
    run.expect(resolved: resolved, data: data)
    for trial in trials { run.expect(key: trial.key, cell: trial.cell, seed: Int(trial.seed)) }
    return run
  }

  /// Returns the columns of `rounds.csv`.
  ///
  /// They are the axes of the whole scenario, the series of the meters, and what any rule of the
  /// catalog reports about itself. None depends on what is selected, so that selections, and
  /// scenarios with one more defense, go on in the same file. Where clients may drop out or be late,
  /// it has ``AttendanceSeries`` as well.
  public func roundsLayout(_ catalog: Catalog, metrics: MetricCatalog) -> RoundsLayout {
    let attendance =
      variants.contains { $0.scenario.clients.losesUpdates } ? AttendanceSeries.ids : []
    return RoundsLayout(axes: axes, series: metrics.recordedSeries(with: catalog) + attendance)
  }
}
