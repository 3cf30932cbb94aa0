/// What a run takes at its peak, estimated from its sizes.
///
/// What a trainer, a defense or an attack in another process takes is not in it.
public struct MemoryEstimate: Sendable {
  /// The bytes of the program before it has any data.
  static let program = 37.0 * 0x1p20
  /// The bytes of the record of a trial, and of each round in it.
  private static let record = (trial: 9000.0, round: 700.0)

  /// The bytes of examples, of the combination that takes most.
  public let data: Double
  /// The bytes of each trial that runs, without its data.
  public let trial: Double
  public let trialsAtOnce: Int
  /// All bytes at the peak.
  public let byteCount: Double

  /// - Parameters:
  ///   - plan: What a whole run would do.
  ///   - workload: What of it runs.
  ///   - shared: What trials share.
  ///   - jobs: The threads of the run.
  ///   - memory: What trials that run at once may take together; `nil`: whatever they take.
  public init(
    _ plan: Plan, _ workload: Workload, shared: SharedRounds, jobs: Int, memory: MemoryLimit? = nil
  ) {
    let threads = TrialThreads(plan, workload, jobs: jobs, memory: memory)
    trialsAtOnce = threads.atOnce
    var (data, trial, most) = (0.0, 0.0, 0.0)
    var before: Double?
    var seeds: [Int: Set<UInt64>] = [:]
    var order: [Int] = []
    for trial in workload.indices.map({ plan.trials[$0] }) {
      if seeds[trial.variant] == nil { order.append(trial.variant) }
      seeds[trial.variant, default: []].insert(trial.seed)
    }
    for variant in order {
      let need = plan.variants[variant].memory
      let each = need.trial + need.thread * Double(threads.perTrial - 1)
      // While the last trials of a combination, or of a seed that draws its own examples, run, the first
      // ones of the next begin.
      let isDrawnAnew =
        plan.variants[variant].task.drawsExamples && seeds[variant, default: []].count > 1
      let other = max(before ?? 0, isDrawnAnew ? need.data : 0)
      let both = need.data + (threads.atOnce > 1 ? other : 0)
      before = need.data
      guard both + Double(threads.atOnce) * each > most else { continue }
      (data, trial, most) = (both, each, both + Double(threads.atOnce) * each)
    }
    self.data = data
    self.trial = trial
    byteCount =
      most + Self.program + shared.byteCount + Self.record.trial * Double(workload.indices.count)
      + Self.record.round * Double(workload.roundCount)
  }
}
