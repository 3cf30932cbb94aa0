import Diagnostics
import Gating
import Results
import Studies

extension CheckContext {
  /// Flags that say what a defense is told or keeps, whichever attack it meets.
  private static let fixed = ["oracle-f", "stateful", "uses-server-data"]

  /// S013.
  func flags() -> [EntryFinding] {
    var findings: [EntryFinding] = []
    let found = results.study.raisedFlags(of: entry.defense)
    if found != entry.flags.sorted() {
      let missing = found.filter { !entry.flags.contains($0) }
      let extra = entry.flags.filter { !found.contains($0) }
      findings.append(
        EntryFinding(
          .flags, file: entryPath, place: "/flags",
          [
            missing.isEmpty ? nil : "lacks \(names(missing)), which the trials have",
            extra.isEmpty ? nil : "names \(names(extra)), which no trial has",
          ].compactMap(\.self).joined(separator: "; ")))
    }
    let finished = lines.filter { $0.record.status == .ok }
    // Without a plan all that can be told is whether the trials agree with each other.
    let unplanned = finished.filter { results.plan?.standing[$0.record.cell] == nil }
    for setting in results.settings {
      let cells = Set(setting.cells(of: entry.defense))
      let own = unplanned.filter { cells.contains($0.record.cellID) }
      for flag in Self.fixed {
        let without = own.filter { !$0.record.flags.contains(flag) }
        guard let first = without.first, without.count < own.count else { continue }
        findings.append(
          EntryFinding(
            .flags, file: trialsPath, place: "\(first.number)",
            "\(excerpt(first.record.cell)): lacks '\(flag)', which other trials of the defense have"
          ))
      }
    }
    return findings + limited(finished.compactMap(misstated))
  }

  /// A trial whose flags are not what the scenario, planned again, says of its defense.
  private func misstated(_ number: Int, _ record: TrialRecordV1) -> EntryFinding? {
    guard let planned = results.plan?.standing[record.cell] else { return nil }
    let found = Set(record.flags)
    let wrong = Self.fixed.filter { found.contains($0) != planned.contains($0) }
    guard let flag = wrong.first else { return nil }
    return EntryFinding(
      .flags, file: trialsPath, place: "\(number)",
      "\(excerpt(record.cell)), seed \(record.seed): "
        + (planned.contains(flag)
          ? "lacks '\(flag)', which by the scenario it has"
          : "has '\(flag)', which by the scenario it has not"))
  }
}

extension Study {
  /// The flags that some cell of a defense has, sorted.
  func raisedFlags(of defense: String) -> [String] {
    let cells = grid.cells.filter { $0.defense == defense }
    return Set(cells.flatMap { reliability.flags(of: $0).filter(\.isRaised).map(\.id) }).sorted()
  }
}
