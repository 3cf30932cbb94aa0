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
    /// Threads were left behind that may still compute; what they find is dropped.
    public var leftThreads = false
  }

  public let plan: Plan
  public let metrics: MetricCatalog
  /// What of the plan runs.
  public let workload: Workload
  /// What its trials play once for several of them.
  public let sharedRounds: SharedRounds
  let substitutions: Substitutions
  /// Who sees what trials make.
  let observer: (any TrialObserver)?
  private let checkpoints: CheckpointFolder?
  /// The trials that it sees, by their places in the plan.
  private let observed: [Int: ObservedTrial]
  /// The number of trials that run at once.
  public let trialThreads: Int
  /// Whether fewer run at once than there are threads for, because of the memory.
  public let isShortOfMemory: Bool
  /// The number of threads of each trial.
  let threadsPerTrial: Int

  /// - Parameters:
  ///   - plan: What to run.
  ///   - metrics: What to measure.
  ///   - jobs: The number of threads.
  ///   - threadsPerTrial: How many of them work on one trial; by default one, or more where there
  ///     are fewer trials than threads.
  ///   - recorded: One record per trial that an earlier run left; see ``Workload``.
  ///   - share: The places in the plan of the trials of one shard; `nil`: all.
  ///   - memory: What the trials that run at once may take together; where that is too little, fewer
  ///     run at once, with more threads each. `nil`: whatever they take.
  ///   - sharesRounds: Whether rounds that trials have in common are played once.
  ///   - substitutions: Parts of the engine to replace; keys and records do not mention them.
  ///   - observer: Who sees what the trials that are recorded make besides their records.
  ///   - checkpoints: Where trials keep how far they are, and go on from; `nil`: nowhere.
  public init(
    plan: Plan, metrics: MetricCatalog, jobs: Int, threadsPerTrial: Int? = nil,
    recorded: [TrialRecordV1] = [], share: Range<Int>? = nil, memory: MemoryLimit? = nil,
    sharesRounds: Bool = true, substitutions: Substitutions = .none,
    observer: (any TrialObserver)? = nil, checkpoints: CheckpointFolder? = nil
  ) {
    self.observer = observer
    self.checkpoints = checkpoints
    self.plan = plan
    self.metrics = metrics
    self.substitutions = substitutions
    workload = Workload(plan, recorded: recorded, share: share)
    observed = observer == nil ? [:] : plan.observed(workload)
    let threads = TrialThreads(
      plan, workload, jobs: jobs, perTrial: threadsPerTrial, memory: memory)
    trialThreads = threads.atOnce
    isShortOfMemory = threads.isShortOfMemory
    self.threadsPerTrial = threads.perTrial
    sharedRounds =
      sharesRounds ? SharedRounds(plan, workload, room: threads.roomForForks) : SharedRounds()
  }

  /// Runs every trial of the workload.
  ///
  /// - Parameters:
  ///   - stop: Ends the run between batches; trials that are not finished are dropped.
  ///   - patience: How long after the stop signal it waits for a step that nothing can end in the
  ///     middle, such as drawing data or a defense, before it leaves the threads to themselves; they
  ///     end with the process. `nil`: as long as that takes.
  ///   - stopsAtFailure: Whether a failed trial does the same.
  ///   - onProgress: Called after rounds, from any thread, one call at a time.
  ///   - onTrial: Called with each record in plan order, from any thread, one call at a time.
  /// - Returns: How many trials were recorded, and which failed.
  /// - Throws: What `onTrial` throws; it ends the run. ``RepetitionError`` if a trial that was
  ///   recorded before came out differently.
  public func run(
    stop: StopSignal, patience: Duration? = nil, stopsAtFailure: Bool = false,
    onProgress: @escaping @Sendable (Progress) -> Void,
    onTrial: @escaping @Sendable (FinishedTrial) throws -> Void
  ) throws -> Summary {
    let inner = WorkPool(width: threadsPerTrial)
    let state = Mutex(
      State(recorder: TrialRecorder(plan: plan, metrics: metrics, workload: workload)))
    let dataCache = FederationCache(
      plan: plan, indices: workload.indices, substitutions: substitutions, pool: inner)
    let forks = ForkCache(groups: sharedRounds.groups)
    let trainers = TrainerPool()
    defer { trainers.close() }
    let rounds = Atomic(0)
    let totals = (rounds: workload.roundCount, trials: workload.indices.count)
    let attacked = plan.attackedTrials()

    let isDone = stop.await(within: patience) {
      WorkPool(width: trialThreads).run(workload.indices.count) { _, place in
        let index = workload.indices[place]
        let outcome = run(
          index, pool: inner, data: dataCache, forks: forks, attacked: attacked,
          trainers: trainers, stop: stop,
          onFailure: { error in
            state.withLock { state in
              if state.failure == nil { state.failure = error }
            }
            stop.stop()
          }
        ) {
          let done = rounds.add(1, ordering: .relaxed).newValue
          state.withLock { state in
            guard !state.isClosed else { return }
            onProgress(
              Progress(
                finishedRounds: done, totalRounds: totals.rounds,
                finishedTrials: state.recorder.next, totalTrials: totals.trials))
          }
        }
        state.withLock { state in
          guard state.failure == nil, !state.isClosed else { return }
          do {
            for trial in try state.recorder.take(outcome, of: index) {
              try onTrial(trial)
              state.summary.recorded += 1
              if trial.record.status == .error {
                state.summary.failed.append(trial.record)
                if stopsAtFailure { stop.stop() }
              }
            }
            for trial in state.recorder.takeEnded() { checkpoints?.remove(trial) }
          } catch {
            state.failure = error
            stop.stop()
          }
        }
      }
    }
    return try state.withLock { state in
      state.isClosed = true
      if let failure = state.failure { throw failure }
      state.summary.leftThreads = !isDone
      state.summary.isStopped = !state.recorder.isComplete
      return state.summary
    }
  }

  private struct State {
    var recorder: TrialRecorder
    var summary = Summary()
    var failure: (any Error)?
    /// What comes now is of a thread that was left behind.
    var isClosed = false
  }

  private func run(
    _ index: Int, pool: WorkPool, data: FederationCache, forks: ForkCache,
    attacked: [Int: [PlannedTrial]], trainers: TrainerPool, stop: StopSignal,
    onFailure: @escaping @Sendable (any Error) -> Void, onRound: () -> Void
  ) -> TrialRun.Outcome {
    if stop.isStopped { return .stopped }
    guard plan.trials[index].feasibility == .ready else {
      data.release(index)
      return .failed("")
    }
    defer {
      data.release(index)
      forks.release(index)
    }
    let federation: FederationData
    do throws(DatasetError) {
      federation = try data.data(for: index)
    } catch {
      return .failed(error.description)
    }
    func trialRun(_ place: Int) -> TrialRun {
      let trial = plan.trials[place]
      return TrialRun(
        variant: plan.variants[trial.variant], trial: trial, data: federation,
        attacked: attacked[place] ?? [], pool: pool, metrics: metrics,
        substitutions: substitutions, trainers: trainers,
        observation: observer.flatMap { observer in
          observed[place].map {
            TrialObservation(observer: observer, trial: $0, onFailure: onFailure)
          }
        }, checkpoints: checkpoints)
    }
    func start() -> (start: ForkCache.Start?, told: Int) {
      var told = 0
      let start = forks.start(of: index) { group in
        guard let twin = plan.trials[index].twin else { return nil }
        return TrialTrunk(
          runs: group.map { ($0, trialRun($0)) }, clean: plan.trials[twin], data: federation,
          checkpoints: checkpoints
        ).play(
          until: SharedRounds.count(plan.variants[plan.trials[index].variant].scenario), stop: stop
        ) {
          told += 1
          onRound()
        }
      }
      return (start, told)
    }
    return trialRun(index).run(from: start, stop: stop, onRound: onRound)
  }
}

extension Plan {
  /// What observers see of a workload, by places in the plan.
  fileprivate func observed(_ workload: Workload) -> [Int: ObservedTrial] {
    var firstCells: [String: String] = [:]
    for trial in trials where firstCells[trial.key] == nil { firstCells[trial.key] = trial.cell }
    var keys: Set<String> = []
    var observed: [Int: ObservedTrial] = [:]
    for index in workload.observed where trials[index].feasibility == .ready {
      let trial = trials[index]
      observed[index] = ObservedTrial(
        trial, of: variants[trial.variant], firstCell: firstCells[trial.key] ?? trial.cell,
        isFirstOfKey: keys.insert(trial.key).inserted)
    }
    return observed
  }

  /// For each clean trial one trial of every attack that it is the twin of.
  fileprivate func attackedTrials() -> [Int: [PlannedTrial]] {
    var attacked: [Int: [Int: PlannedTrial]] = [:]
    for trial in trials where trial.feasibility == .ready {
      for twin in [trial.twin, trial.undefendedTwin].compactMap({ $0 }) {
        attacked[twin, default: [:]][trial.attackPlace] = trial
      }
    }
    return attacked.mapValues { trials in trials.sorted { $0.key < $1.key }.map(\.value) }
  }
}
