/// What a run is about to write, to be held against what a folder has before anything is touched.
public struct ExpectedRun: Sendable {
  private struct Place: Hashable {
    let cell: String
    let seed: Int
  }

  public let scenario: String
  public let engine: Int
  private var keys: [Place: String] = [:]

  public init(scenario: String, engine: Int) {
    self.scenario = scenario
    self.engine = engine
  }

  /// Says which key a cell has with a seed.
  public mutating func expect(key: String, cell: String, seed: Int) {
    keys[Place(cell: cell, seed: seed)] = key
  }

  /// Refuses results that this run would not go on with but contradict.
  ///
  /// Recorded trials of cells and seeds that are not expected are no contradiction: they belong to
  /// another selection of the same scenario.
  ///
  /// - Throws: `differs` for another engine number, another scenario's name, or a recorded trial
  ///   whose cell and seed now have another key.
  public func check(
    _ records: [TrialRecordV1], manifest: RunManifestV1?, folder: String
  ) throws(ResultError) {
    if let other = ([manifest?.engine].compactMap(\.self) + records.map(\.engine))
      .first(where: { $0 != engine })
    {
      throw .differs(
        path: folder, reason: "the results are of engine \(other), and this is engine \(engine)")
    }
    if let other = manifest?.scenario.name, other != scenario {
      throw .differs(
        path: folder, reason: "the results are of the scenario '\(other)', not '\(scenario)'")
    }
    let changed = records.filter { record in
      keys[Place(cell: record.cell, seed: record.seed)].map { $0 != record.key } ?? false
    }
    if let example = changed.first {
      throw .differs(
        path: folder,
        reason: "\(changed.count) of \(records.count) recorded trials, such as \(example.cell) "
          + "with seed \(example.seed), were run with other parameters or data")
    }
  }
}
