/// How a run divides its threads among trials, and what memory is left for forks.
struct TrialThreads {
  /// The number of trials that run at once.
  let atOnce: Int
  /// The number of threads of each.
  let perTrial: Int
  /// Whether fewer run at once than there are threads for, because of the memory.
  let isShortOfMemory: Bool
  /// The bytes that may be kept for one seed of a combination; `nil`: whatever it takes.
  let roomForForks: Double?

  /// - Parameters:
  ///   - plan: What a whole run would do.
  ///   - workload: What of it runs.
  ///   - jobs: The number of threads of the run.
  ///   - perTrial: How many work on one trial; `nil`: one, or more where there are fewer trials than
  ///     threads.
  ///   - memory: What the trials that run at once may take together; `nil`: whatever they take.
  init(
    _ plan: Plan, _ workload: Workload, jobs: Int, perTrial: Int? = nil, memory: MemoryLimit? = nil
  ) {
    let jobs = max(1, jobs)
    let trialCount = max(1, workload.indices.count)
    let perTrial = max(1, perTrial ?? jobs / min(jobs, trialCount))
    let wanted = max(1, min(jobs / perTrial, trialCount))
    let atOnce = memory.map { plan.trialsAtOnce(wanted, threads: jobs, in: $0) } ?? wanted
    self.atOnce = atOnce
    isShortOfMemory = atOnce < wanted
    self.perTrial = isShortOfMemory ? max(1, jobs / atOnce) : perTrial
    roomForForks = memory.map { plan.roomForForks(atOnce, threads: jobs, in: $0) }
  }
}
