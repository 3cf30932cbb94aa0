public import Results

/// What the scenario beside the results makes, planned again with the seeds of the results.
public struct EntryPlan: Sendable {
  /// The key of each trial.
  public var keys: [TrialPlace: String]
  /// The trials that cannot run.
  public var infeasible: Set<TrialPlace>
  /// The flags that say what the defense of a cell is, by the cell's name; worked out for the cells
  /// that are there.
  public var standing: [String: Set<String>]
  /// The seeds that the scenario names itself.
  public var seeds: [Int]
  /// The resolved scenario, as `run.json` has it.
  public var resolved: JSONValue

  public init(
    keys: [TrialPlace: String], infeasible: Set<TrialPlace> = [],
    standing: [String: Set<String>] = [:], seeds: [Int], resolved: JSONValue
  ) {
    self.keys = keys
    self.infeasible = infeasible
    self.standing = standing
    self.seeds = seeds
    self.resolved = resolved
  }
}

/// Where a trial stands in a plan: a cell and a seed.
public struct TrialPlace: Hashable, Sendable {
  /// `attack/defense` and the axes, as in `TrialRecordV1.cell`.
  public var cell: String
  public var seed: Int

  public init(cell: String, seed: Int) {
    self.cell = cell
    self.seed = seed
  }

  init(_ record: TrialRecordV1) { self.init(cell: record.cell, seed: record.seed) }
}
