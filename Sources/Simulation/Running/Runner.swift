import Datasets
import Determinism
import Federation
public import Results
import Synchronization

/// Runs a plan on several threads.
///
/// Threads go to trials if there are enough of them, else to the clients of a trial. Records come
/// in plan order and hold the same numbers, but for the times, for any number of threads and for
/// any part of the plan that was recorded before.
public struct Runner: Sendable {
  /// How far a run is.
  public struct Progress: Sendable {
    public let finishedRounds: Int
    public let totalRounds: Int
    public let finishedTrials: Int
    public let totalTrials: Int
  }

  /// How a run ended.
  public struct Summary: Sendable {
    public var recorded = 0
    /// Records with status `error`.
    public var failed: [TrialRecordV1] = []
    /// The stop signal came before the end.
    public var isStopped = false
  }

  public let plan: Plan
  public let metrics: MetricCatalog
  /// What of the plan runs.
  public let workload: Workload
  let substitutions: Substitutions
  /// The number of threads that run trials.
  let trialThreads: Int
  /// The number of threads of each trial.
  let threadsPerTrial: Int

  /// - Parameters:
  ///   - plan: What to run.
  ///   - metrics: What to measure.
  ///   - jobs: The number of threads.
  ///   - threadsPerTrial: How many of them work on one trial; by default one, or more where there
  ///     are fewer trials than threads.
  ///   - recorded: One record per trial that an earlier run left; see ``Workload``.
  ///   - substitutions: Parts of the engine to replace; keys and records do not mention them.
  public init(
    plan: Plan, metrics: MetricCatalog, jobs: Int, threadsPerTrial: Int? = nil,
    recorded: [TrialRecordV1] = [], substitutions: Substitutions = .none
  ) {
    self.plan = plan
    self.metrics = metrics
    self.substitutions = substitutions
    workload = Workload(plan, recorded: recorded)
    let jobs = max(1, jobs)
    let perTrial = threadsPerTrial ?? jobs / min(jobs, max(workload.indices.count, 1))
    self.threadsPerTrial = max(1, perTrial)
    trialThreads = max(1, jobs / self.threadsPerTrial)
  }

  /// Runs every trial of the workload.
  ///
  /// - Parameters:
  ///   - stop: Ends the run after the rounds in hand; trials that are not finished are dropped.
  ///   - stopsAtFailure: Whether a failed trial does the same.
  ///   - onProgress: Called after rounds, from any thread, one call at a time.
  ///   - onTrial: Called with each record in plan order, from any thread, one call at a time.
  /// - Returns: How many trials were recorded, and which failed.
  /// - Throws: What `onTrial` throws; it ends the run. ``RepetitionError`` if a trial that was
  ///   recorded before came out differently.
  public func run(
    stop: StopSignal, stopsAtFailure: Bool = false,
    onProgress: @escaping @Sendable (Progress) -> Void,
    onTrial: @escaping @Sendable (FinishedTrial) throws -> Void
  ) throws -> Summary {
    let inner = WorkPool(width: threadsPerTrial)
    let state = Mutex(
      State(recorder: TrialRecorder(plan: plan, metrics: metrics, workload: workload)))
    let dataCache = FederationCache(
      plan: plan, indices: workload.indices, substitutions: substitutions)
    let rounds = Atomic(0)
    let totals = (rounds: workload.roundCount, trials: workload.indices.count)
    let attacked = plan.attackedTrials()

    WorkPool(width: trialThreads).run(workload.indices.count) { _, place in
      let index = workload.indices[place]
      let outcome = run(
        index, pool: inner, data: dataCache, attacked: attacked[index] ?? [], stop: stop
      ) {
        let done = rounds.add(1, ordering: .relaxed).newValue
        state.withLock { state in
          onProgress(
            Progress(
              finishedRounds: done, totalRounds: totals.rounds,
              finishedTrials: state.recorder.next, totalTrials: totals.trials))
        }
      }
      state.withLock { state in
        guard state.failure == nil else { return }
        do {
          for trial in try state.recorder.take(outcome, of: index) {
            try onTrial(trial)
            state.summary.recorded += 1
            if trial.record.status == .error {
              state.summary.failed.append(trial.record)
              if stopsAtFailure { stop.stop() }
            }
          }
        } catch {
          state.failure = error
          stop.stop()
        }
      }
    }
    return try state.withLock { state in
      if let failure = state.failure { throw failure }
      state.summary.isStopped = state.summary.recorded < workload.recordedCount
      return state.summary
    }
  }

  private struct State {
    var recorder: TrialRecorder
    var summary = Summary()
    var failure: (any Error)?
  }

  private func run(
    _ index: Int, pool: WorkPool, data: FederationCache, attacked: [PlannedTrial],
    stop: StopSignal, onRound: () -> Void
  ) -> TrialRun.Outcome {
    let trial = plan.trials[index]
    if stop.isStopped { return .stopped }
    guard trial.feasibility == .ready else {
      data.release(index)
      return .failed("")
    }
    defer { data.release(index) }
    let federation: FederationData
    do throws(DatasetError) {
      federation = try data.data(for: index)
    } catch {
      return .failed(error.description)
    }
    return TrialRun(
      variant: plan.variants[trial.variant], trial: trial, data: federation,
      attacked: attacked, pool: pool, metrics: metrics, substitutions: substitutions
    ).run(stop: stop, onRound: onRound)
  }
}

extension Plan {
  /// For each clean trial one trial of every attack that it is the twin of.
  fileprivate func attackedTrials() -> [Int: [PlannedTrial]] {
    var attacked: [Int: [String: PlannedTrial]] = [:]
    for trial in trials where trial.feasibility == .ready {
      for twin in [trial.twin, trial.undefendedTwin].compactMap({ $0 }) {
        attacked[twin, default: [:]][trial.attack] = trial
      }
    }
    return attacked.mapValues { trials in trials.sorted { $0.key < $1.key }.map(\.value) }
  }
}
