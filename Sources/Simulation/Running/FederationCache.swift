import Datasets
import Determinism
import Synchronization

/// The data of each (combination, seed), made when first needed and dropped after its last trial.
final class FederationCache: Sendable {
  private struct Group: Hashable {
    let variant: Int
    let seed: UInt64
  }

  private final class Entry: Sendable {
    let made = Mutex<Result<FederationData, DatasetError>?>(nil)
  }

  private let plan: Plan
  private let substitutions: Substitutions
  private let pool: WorkPool
  private let entries: Mutex<[Group: (entry: Entry, remaining: Int)]>
  /// How many seeds of each combination have trials to come.
  private let seedsLeft: Mutex<[Int: Int]>
  /// The data of combinations whose seeds all get the same examples.
  private let fixed: Mutex<[Int: LoadedOnce]>

  /// Creates a cache for the trials at these indices of the plan; `pool` makes what takes long.
  init(
    plan: Plan, indices: [Int], substitutions: Substitutions = .none,
    pool: WorkPool = WorkPool(width: 1)
  ) {
    self.plan = plan
    self.substitutions = substitutions
    self.pool = pool
    var groups: [Group: (entry: Entry, remaining: Int)] = [:]
    for trial in indices.map({ plan.trials[$0] }) {
      let group = Group(variant: trial.variant, seed: trial.seed)
      groups[group, default: (Entry(), 0)].remaining += 1
    }
    entries = Mutex(groups)
    var seeds: [Int: Int] = [:]
    for group in groups.keys { seeds[group.variant, default: 0] += 1 }
    seedsLeft = Mutex(seeds)
    fixed = Mutex([:])
  }

  /// Returns the data of a trial; a second trial that asks while they are made waits for them.
  func data(for index: Int) throws(DatasetError) -> FederationData {
    let group = group(of: index)
    guard let entry = entries.withLock({ $0[group]?.entry }) else {
      preconditionFailure("the data of trial \(index) were released")
    }
    let result = entry.made.withLock { made in
      if let made { return made }
      let fresh = make(group)
      made = fresh
      return fresh
    }
    return try result.get()
  }

  /// Says that a trial is done with its data.
  func release(_ index: Int) {
    let group = group(of: index)
    let isDone = entries.withLock { entries in
      entries[group]?.remaining -= 1
      guard entries[group]?.remaining == 0 else { return false }
      entries[group] = nil
      return true
    }
    guard isDone else { return }
    let isLast = seedsLeft.withLock { left in
      left[group.variant]? -= 1
      return left[group.variant] == 0
    }
    if isLast { fixed.withLock { $0[group.variant] = nil } }
  }

  private func group(of index: Int) -> Group {
    Group(variant: plan.trials[index].variant, seed: plan.trials[index].seed)
  }

  private func source(_ variant: Int, _ source: any DataSource) -> any DataSource {
    guard source.isFixed else { return source }
    return fixed.withLock { fixed in
      if let known = fixed[variant] { return known }
      let once = LoadedOnce(source)
      fixed[variant] = once
      return once
    }
  }

  private func make(_ group: Group) -> Result<FederationData, DatasetError> {
    let variant = plan.variants[group.variant]
    let scenario = variant.scenario
    let task: LocalTask
    switch variant.task.site {
    case .here(let local): task = local
    case .elsewhere(let trainer): return .success(FederationData(elsewhere: trainer.facts))
    }
    guard let partition = try? scenario.clients.partition.made else {
      preconditionFailure("a planned partition cannot be made")
    }
    let other = zip(task.outOfDistribution, scenario.serverData.outOfDistribution)
    do throws(DatasetError) {
      return .success(
        try FederationData(
          source: source(group.variant, substitutions.data(task.source)),
          partition: substitutions.partition(partition), clientCount: scenario.clients.count,
          seed: SeedPath(root: scenario.fixedSeeds.data ?? group.seed),
          withheld: FederationData.Withheld(
            rootCount: scenario.serverData.rootSamples ?? 0,
            auxiliary: scenario.threat.auxiliary, outside: task.outside),
          other: other.map { (source: $0.source, samples: $1.samples) }, pool: pool))
    } catch {
      return .failure(error)
    }
  }
}

/// Both values, if both are there.
private func zip<A, B>(_ a: A?, _ b: B?) -> (A, B)? {
  if let a, let b { (a, b) } else { nil }
}
