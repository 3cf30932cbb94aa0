/// What a run is about to write, to be held against what a folder has before anything is touched.
public struct ExpectedRun: Sendable {
  private struct Place: Hashable {
    let cell: String
    let seed: Int
  }

  public let scenario: String
  public let engine: Int
  private var keys: [Place: String] = [:]
  /// By axes.
  private var settings: [[String: String]: Setting] = [:]
  private var data: Set<String> = []

  public init(scenario: String, engine: Int) {
    self.scenario = scenario
    self.engine = engine
  }

  /// Says which key a cell has with a seed; what was said first stays.
  public mutating func expect(key: String, cell: String, seed: Int) {
    let place = Place(cell: cell, seed: seed)
    if keys[place] == nil { keys[place] = key }
  }

  /// Adds a resolved scenario, as in `run.json`, and the data sets that it was run on.
  public mutating func expect(resolved: JSONValue, data: [RunManifestV1.Data]) {
    for setting in Setting.all(in: resolved) {
      guard var known = settings.removeValue(forKey: setting.axes) else {
        settings[setting.axes] = setting
        continue
      }
      known.attacks.merge(setting.attacks) { first, _ in first }
      known.defenses.merge(setting.defenses) { first, _ in first }
      settings[setting.axes] = known
    }
    self.data.formUnion(data.map(\.sha256))
  }

  /// Refuses results that this run would not go on with but contradict.
  ///
  /// Recorded trials of cells and seeds that are not expected are no contradiction: they belong to
  /// another selection of the same scenario. What they measure has to be the same, though: in each
  /// combination of axes that both have, the resolved scenario and the components that both have.
  ///
  /// - Throws: `differs` for another engine number, another scenario's name, a recorded trial
  ///   whose cell and seed now have another key, other parameters or other data.
  /// - Complexity: O(trials and combinations of axes).
  public func check(
    _ records: [TrialRecordV1], manifest: RunManifestV1?, folder: String
  ) throws(ResultError) {
    try check(records, manifest: manifest, folder: folder, recordedFirst: true)
  }

  /// `recordedFirst` says which of the two was there before, for messages.
  func check(
    _ records: [TrialRecordV1], manifest: RunManifestV1?, folder: String, recordedFirst: Bool
  ) throws(ResultError) {
    if let other = ([manifest?.engine].compactMap(\.self) + records.map(\.engine))
      .first(where: { $0 != engine })
    {
      let maker = manifest.map { $0.engine == other ? " (\($0.tool.name) \($0.tool.version))" : "" }
      throw .differs(
        path: folder,
        reason: "the results are of engine \(other)\(maker ?? ""), and "
          + (recordedFirst
            ? "this is engine \(engine)" : "the others are of engine \(engine): run them with one"))
    }
    if let other = manifest?.scenario.name, other != scenario {
      throw .differs(
        path: folder, reason: "the results are of the scenario '\(other)', not '\(scenario)'")
    }
    let difference = manifest.flatMap { self.difference($0, recordedFirst: recordedFirst) }
    let changed = records.filter { record in
      keys[Place(cell: record.cell, seed: record.seed)].map { $0 != record.key } ?? false
    }
    let ending = "run with other parameters or data" + (difference.map { ": \($0)" } ?? "")
    if let example = changed.first {
      throw .differs(
        path: folder,
        reason: "\(changed.count) of \(records.count) recorded trials, such as \(example.cell) "
          + "with seed \(example.seed), were \(ending)")
    }
    if difference != nil, !records.isEmpty {
      throw .differs(path: folder, reason: "the results were \(ending)")
    }
  }

  private func difference(_ manifest: RunManifestV1, recordedFirst: Bool) -> String? {
    let recorded = Setting.all(in: manifest.scenario.resolved)
    for there in recorded {
      guard let here = settings[there.axes] else { continue }
      let (before, after) = recordedFirst ? (there, here) : (here, there)
      if let found = before.contradiction(by: after) { return found }
    }
    // The data of a combination that only one of them has are its own affair.
    let digests = Set(manifest.data.map(\.sha256))
    let (there, here) = (Set(recorded.map(\.axes)), Set(settings.keys))
    guard
      there.isSubset(of: here) && !digests.isSubset(of: data)
        || here.isSubset(of: there) && !data.isSubset(of: digests)
    else { return nil }
    func text(_ digests: Set<String>) -> String {
      digests.isEmpty
        ? "none" : digests.map { String($0.prefix(12)) }.sorted().joined(separator: ", ")
    }
    let (before, after) = recordedFirst ? (digests, data) : (data, digests)
    return "the digests of the data were \(text(before)), are \(text(after))"
  }
}
