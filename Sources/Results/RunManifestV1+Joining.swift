extension RunManifestV1 {
  /// This manifest with what it shares with that of an earlier or parallel run of the scenario.
  ///
  /// It takes the earlier start, the data sets of both, and the combinations of axes of both, each
  /// with the attacks and defenses of both. Marks of changed files stay. Two parts of a plan are
  /// no longer one.
  public func continuing(_ other: RunManifestV1) -> RunManifestV1 {
    var joined = self
    // Times in UTC with one layout sort as texts.
    joined.started = min(started, other.started)
    for set in other.data where !joined.data.contains(where: { $0.sha256 == set.sha256 }) {
      joined.data.append(set)
    }
    joined.scenario.resolved = Self.united(scenario.resolved, other.scenario.resolved)
    joined.merged = merged ?? other.merged
    joined.withoutRounds = withoutRounds == true || other.withoutRounds == true ? true : nil
    if shard != other.shard { joined.shard = nil }
    joined.markAltered(other.altered ?? [])
    return joined
  }

  private static func united(_ one: JSONValue, _ other: JSONValue) -> JSONValue {
    guard case .array(var combinations) = one, case .array(let others) = other else { return one }
    func axes(_ combination: JSONValue) -> JSONValue? {
      if case .object(let members) = combination { members["axes"] ?? [:] } else { nil }
    }
    var places: [JSONValue: Int] = [:]
    for (place, combination) in combinations.enumerated() {
      if let axes = axes(combination) { places[axes] = place }
    }
    for combination in others {
      guard let axes = axes(combination), let place = places[axes],
        case .object(var members) = combinations[place], case .object(let more) = combination
      else {
        combinations.append(combination)
        continue
      }
      for list in ["attacks", "defenses"] {
        members[list] = unitedByID(members[list], more[list])
      }
      combinations[place] = .object(members)
    }
    return .array(combinations)
  }

  private static func unitedByID(_ one: JSONValue?, _ other: JSONValue?) -> JSONValue? {
    guard case .array(var entries)? = one, case .array(let others)? = other else {
      return one ?? other
    }
    func id(_ entry: JSONValue) -> JSONValue? {
      if case .object(let members) = entry { members["id"] } else { nil }
    }
    let known = Set(entries.compactMap(id))
    entries += others.filter { entry in id(entry).map { !known.contains($0) } ?? false }
    return .array(entries)
  }

  /// Counts the trials by status.
  public mutating func count(_ records: [TrialRecordV1]) {
    counts = Dictionary(records.map { ($0.status.rawValue, 1) }, uniquingKeysWith: +)
  }
}
