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
}
