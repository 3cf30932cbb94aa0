/// The rounds before the attack window, which trials of one combination, seed and defense have in common
/// and play once.
///
/// Those of the clean trial and of all attacked ones are the same until an attacker acts: one trial
/// plays them, and the others go on from there, each with its own attack and its own measurements, so
/// that no number of a record depends on it. A trial shares none where a part of it runs in another
/// process, whose memory nobody can copy; nor do trials for whose forks there is no memory.
public struct SharedRounds: Sendable {
  /// Trials that go on from rounds that another one plays.
  public private(set) var trialCount = 0
  /// The rounds that they do not play.
  public private(set) var roundCount = 0
  /// The most memory that is kept of shared rounds for one seed of one combination.
  public private(set) var byteCount = 0.0

  /// Groups of at least two trials, by their places in the plan.
  private(set) var groups: [[Int]] = []
  /// For each trial that goes on from rounds of another one, how many.
  private(set) var skipped: [Int: Int] = [:]

  /// Shares nothing.
  init() {}

  /// - Parameters:
  ///   - plan: What a whole run would do.
  ///   - workload: What of it runs.
  ///   - threads: How many threads a run has.
  ///   - memory: What the trials that run at once may take together; `nil`: whatever they take.
  public init(_ plan: Plan, _ workload: Workload, threads: Int, memory: MemoryLimit? = nil) {
    self.init(
      plan, workload,
      room: TrialThreads(plan, workload, jobs: threads, memory: memory).roomForForks)
  }

  /// - Parameters:
  ///   - plan: What a whole run would do.
  ///   - workload: What of it runs.
  ///   - room: The bytes that may be kept for one seed of a combination; `nil`: whatever it takes.
  init(_ plan: Plan, _ workload: Workload, room: Double?) {
    // Trials of one clean twin, in the order in which they come.
    var members: [Int: [Int]] = [:]
    var order: [Int] = []
    for index in workload.indices {
      let trial = plan.trials[index]
      guard trial.feasibility == .ready, trial.isForkable, let twin = trial.twin,
        plan.trials[twin].isForkable, Self.count(plan.variants[trial.variant].scenario) > 0
      else { continue }
      if members[twin] == nil { order.append(twin) }
      members[twin, default: []].append(index)
    }
    var kept = (variant: -1, seed: UInt64(0), bytes: 0.0)
    for twin in order {
      guard let group = members[twin], group.count > 1 else { continue }
      let trial = plan.trials[twin]
      let variant = plan.variants[trial.variant]
      let bytes =
        variant.memory.fork.group + Double(group.count) * variant.memory.fork.trial
        + trial.defenseChoice.rememberedBytes(variant.scenario, variant.task)
      if kept.variant != trial.variant || kept.seed != trial.seed {
        kept = (trial.variant, trial.seed, 0)
      }
      guard kept.bytes + bytes <= room ?? .infinity else { continue }
      kept.bytes += bytes
      byteCount = max(byteCount, kept.bytes)
      let rounds = Self.count(variant.scenario)
      groups.append(group)
      trialCount += group.count - 1
      roundCount += (group.count - 1) * rounds
      for place in group.dropFirst() { skipped[place] = rounds }
    }
  }

  /// The rounds of a combination in which no attacker acts, from the first one on; the last round, and
  /// the last one of the window, are never among them.
  static func count(_ scenario: Scenario) -> Int {
    let window = scenario.threat.window
    return max(
      0,
      min(
        window.lowerBound,
        TriggerControl.firstRound(window: window, rounds: scenario.rounds)))
  }
}

extension Plan {
  /// The memory that forks may take for one seed without keeping any trial from running: a half of what
  /// is left, as trials of two seeds may run at once.
  func roomForForks(_ trialsAtOnce: Int, threads: Int, in limit: MemoryLimit) -> Double {
    let largest = variants.map { $0.memory.least }.max() ?? 0
    let buffers = variants.map { $0.memory.thread }.max() ?? 0
    let left = limit.byteCount - buffers * Double(threads) - largest * Double(trialsAtOnce)
    return max(0, left / 2)
  }
}
