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
}
