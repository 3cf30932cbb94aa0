extension [TrialRecordV1] {
  /// The trials with the flags that those which ran have, given the number of seeds of their cell.
  ///
  /// A flag may depend on how many seeds a cell has, and lines are written before all seeds are.
  ///
  /// - Complexity: O(trials).
  public func withFlags(
    revised: (_ flags: [String], _ seedCount: Int) -> [String]
  ) -> [TrialRecordV1] {
    var seeds: [String: Set<Int>] = [:]
    for record in self where record.status == .ok {
      seeds[record.cell, default: []].insert(record.seed)
    }
    return map { record in
      guard record.status == .ok else { return record }
      var record = record
      record.flags = revised(record.flags, seeds[record.cell]?.count ?? 0)
      return record
    }
  }
}
