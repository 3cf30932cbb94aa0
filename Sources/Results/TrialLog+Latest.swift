extension ResultFolder.TrialLog {
  /// The last line of each trial, in the order of the trials' first lines.
  ///
  /// A trial that failed and was run again has two lines, of which the later one counts.
  ///
  /// - Complexity: O(lines).
  public var latest: [TrialRecordV1] {
    var places: [TrialIdentity: Int] = [:]
    var latest: [TrialRecordV1] = []
    for record in records {
      if let place = places[record.identity] {
        latest[place] = record
      } else {
        places[record.identity] = latest.count
        latest.append(record)
      }
    }
    return latest
  }

  /// The log without all lines of some trials.
  func without(_ trials: [TrialRecordV1]) -> Self {
    if trials.isEmpty { return self }
    let identities = Set(trials.map(\.identity))
    var log = self
    log.records.removeAll { identities.contains($0.identity) }
    return log
  }

  /// Trials that ran to their end twice, and not to the same one, by key.
  ///
  /// A trial is written again when a reference that had failed is there: what it lacked before is
  /// no contradiction.
  ///
  /// - Complexity: O(lines).
  var contradictions: [String: TrialDifference] {
    var settled: [String: TrialRecordV1] = [:]
    var found: [String: TrialDifference] = [:]
    for record in records where record.isSettled {
      if let earlier = settled[record.key], found[record.key] == nil {
        found[record.key] = TrialDifference(earlier, mendedBy: record)
      }
      settled[record.key] = record
    }
    return found
  }

  /// Refuses a log that says two things about one trial; a later line counts only in place of one
  /// that failed, or that says the same.
  ///
  /// - Parameter path: Names the log in errors.
  /// - Throws: `nondeterministic` for other numbers of an equal key; `inconsistent` for a cell that has
  ///   two keys with one seed.
  /// - Complexity: O(lines).
  public func checkConsistency(_ path: String) throws(ResultError) {
    let contradictions = contradictions
    if !contradictions.isEmpty {
      throw .nondeterministic(
        contradictions.values.sorted { ($0.cell, $0.seed, $0.key) < ($1.cell, $1.seed, $1.key) })
    }
    var keys: [String: [Int: String]] = [:]
    for record in records {
      if let key = keys[record.cell, default: [:]].updateValue(record.key, forKey: record.seed),
        key != record.key
      {
        throw .inconsistent(
          path: path,
          reason:
            "holds \(record.cell) with seed \(record.seed) under two keys: they are trials of "
            + "two scenarios")
      }
    }
  }
}
