public import Results

extension BaselineV1 {
  /// One cell that would change if results were accepted.
  public struct Change: Hashable, Sendable {
    /// `nil` for a cell that is new.
    public let before: Cell?
    public let after: Cell
  }

  /// The cells in which results differ from the baseline, or that it lacks, sorted by name.
  ///
  /// Values, seeds, or digests of the parameters may differ.
  ///
  /// - Throws: `incomparable` for another engine or other data, since one file holds one of each
  ///   (`baseline make --replace` starts over, and what an earlier engine ran has to run again);
  ///   `failedTrials`; `noTrials`; `unknownMetrics`.
  public func changes(
    in results: ResultSet, isIncluded: (_ cell: [String: String]) -> Bool = { _ in true }
  ) throws(BaselineError) -> [Change] {
    let cells = try Self.cells(
      of: results, metrics: policy.metrics.keys.sorted(), isIncluded: isIncluded)
    let comparability = Comparability(results, origin)
    let known = Dictionary(uniqueKeysWithValues: self.cells.map { ($0.name, $0) })
    var changes: [Change] = []
    for cell in cells.sorted(by: { $0.name < $1.name }) {
      let isNewCombination =
        known[cell.name] == nil && !origin.settings.contains { $0.axes == cell.axes }
      let reason =
        isNewCombination ? comparability.wholeReason : comparability.reason(for: cell)
      if let reason {
        throw .incomparable(
          results.engine < origin.engine
            ? "\(reason); run the scenario again"
            : "\(reason); 'baseline make --replace' starts over")
      }
      let before = known[cell.name]
      if before.map({ !$0.hasSameNumbers(as: cell) }) ?? true {
        changes.append(Change(before: before, after: cell))
      }
    }
    return changes
  }

  /// Puts cells in place of those of the same name, or adds them.
  public mutating func accept(_ changes: [Change], from results: ResultSet, entry: Entry) {
    let names = Set(changes.map(\.after.name))
    cells = (cells.filter { !names.contains($0.name) } + changes.map(\.after))
      .sorted { $0.name < $1.name }
    // Only what was accepted: a changed attack of other cells has to stay visible.
    for new in Setting.all(in: results.resolved) {
      let accepted = changes.map(\.after).filter { $0.axes == new.axes }
      if accepted.isEmpty { continue }
      let attacks = Set(accepted.map(\.attack))
      let defenses = Set(accepted.map(\.defense))
      var merged = new
      merged.attacks = new.attacks.filter { attacks.contains($0.key) }
      merged.defenses = new.defenses.filter { defenses.contains($0.key) }
      if let place = origin.settings.firstIndex(where: { $0.axes == new.axes }) {
        origin.settings[place].attacks.merge(merged.attacks) { $1 }
        origin.settings[place].defenses.merge(merged.defenses) { $1 }
      } else {
        origin.settings.append(merged)
      }
    }
    history.append(entry)
  }

  /// Drops the cells that are not among the names.
  ///
  /// - Returns: the names that were dropped, sorted.
  public mutating func prune(keeping names: Set<String>, entry: (_ count: Int) -> Entry) -> [String]
  {
    let dropped = cells.map(\.name).filter { !names.contains($0) }
    guard !dropped.isEmpty else { return [] }
    cells.removeAll { !names.contains($0.name) }
    history.append(entry(dropped.count))
    return dropped
  }
}
