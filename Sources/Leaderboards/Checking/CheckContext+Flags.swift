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
    for setting in results.settings {
      let cells = Set(setting.cells(of: entry.defense))
      let own = finished.filter { cells.contains($0.record.cellID) }
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
    return findings
  }
}

extension Study {
  /// The flags that some cell of a defense has, sorted.
  func raisedFlags(of defense: String) -> [String] {
    let cells = grid.cells.filter { $0.defense == defense }
    return Set(cells.flatMap { reliability.flags(of: $0).filter(\.isRaised).map(\.id) }).sorted()
  }
}
