import ArgumentParser
import Gating
import Reporting
import Results

struct BaselineAcceptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept", abstract: "Takes cells of new results into a baseline.",
    usage: "gauntlet baseline accept --from <results> --baseline <file> --reason <text> [options]")

  @OptionGroup var change: BaselineChange

  @Option(help: ArgumentHelp("The folder of the new results.", valueName: "results"))
  var from: String

  @Option(help: ArgumentHelp("Why the new numbers are right.", valueName: "text"))
  var reason: String

  @OptionGroup var selection: SelectionOptions

  @Flag(help: "Take only cells in which nothing got worse and something got better.")
  var ratchet = false

  @Flag(help: "Take cells with fewer seeds than they had, too.")
  var fewerSeeds = false

  @Flag(name: [.customShort("n"), .long], help: "Show what would change, and write nothing.")
  var dryRun = false

  @OptionGroup var volume: QuietOption

  func validate() throws {
    if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason is empty") }
  }

  func run() throws {
    try reportingErrors {
      var baseline = try change.read(isDryRun: dryRun)
      let results = try LoadedFiles.results(from)
      try selection.check(against: results.records.map(\.keys))
      let filter = try selection.filter()
      var changes = try baseline.changes(in: results, isIncluded: filter)
      let changedCount = changes.count
      if ratchet {
        let better = improvedCells(results, baseline)
        changes.removeAll { !better.contains($0.after.name) }
      }
      guard !changes.isEmpty else {
        Console.note(
          changedCount == 0
            ? "nothing to accept: no cell differs from \(change.baseline)"
            : "nothing to accept: of \(counted(changedCount, "changed cell")) none got only better")
        return
      }
      if !fewerSeeds { try refuseFewerSeeds(changes) }
      for change in volume.quiet ? [] : changes {
        try Console.print(ChangeText(change, baseline.policy).text)
      }
      guard !dryRun else {
        Console.note("\(counted(changes.count, "cell")) would be accepted")
        return
      }
      baseline.accept(
        changes, from: results, entry: change.entry(reason, cells: changes.count))
      try change.write(baseline)
      Console.note("\(counted(changes.count, "cell")) accepted into \(change.baseline)")
    }
  }

  /// A run that lost trials is no reason to gate with less from now on.
  private func refuseFewerSeeds(_ changes: [BaselineV1.Change]) throws {
    let thinned = changes.compactMap { change -> String? in
      guard let before = change.before?.seeds.count, change.after.seeds.count < before else {
        return nil
      }
      return "\(change.after.name) (\(change.after.seeds.count) instead of \(before))"
    }
    guard !thinned.isEmpty else { return }
    let more = thinned.count > 5 ? " and \(thinned.count - 5) more" : ""
    throw Failure(
      "\(counted(thinned.count, "cell")) would have fewer seeds than before: "
        + thinned.prefix(5).joined(separator: ", ") + more
        + "; --fewer-seeds accepts that, --skip leaves cells out")
  }

  /// The cells in which nothing got worse, as far as a gate can tell, and something got better.
  private func improvedCells(_ results: ResultSet, _ baseline: BaselineV1) -> Set<String> {
    let report = Gate(today: LoadedFiles.today).check(results, against: baseline)
    let worse = report.findings.filter {
      $0.verdict != .identical && $0.verdict != .improved && ($0.worsening ?? 1) > 0
    }
    return Set(report.findings(.improved).map(\.cell)).subtracting(worse.map(\.cell))
  }
}
