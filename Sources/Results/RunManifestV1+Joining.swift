extension RunManifestV1 {
  /// This manifest with what it shares with that of an earlier or parallel run of the scenario.
  ///
  /// It takes the earlier start and the data sets of both.
  public func continuing(_ other: RunManifestV1) -> RunManifestV1 {
    var joined = self
    // Times in UTC with one layout sort as texts.
    joined.started = min(started, other.started)
    for set in other.data where !joined.data.contains(where: { $0.sha256 == set.sha256 }) {
      joined.data.append(set)
    }
    joined.merged = merged ?? other.merged
    return joined
  }

  /// Counts the trials by status.
  public mutating func count(_ records: [TrialRecordV1]) {
    counts = Dictionary(records.map { ($0.status.rawValue, 1) }, uniquingKeysWith: +)
  }
}
