import ArgumentParser
import Diagnostics
import Foundation
import Leaderboards
import Markup
import Reporting
import Results
import Simulation
import Studies

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Runs a sample of an entry's trials again, and compares.",
    usage: "gauntlet verify <entry> … [options]",
    discussion: """
      The sample depends on --seed and the trials alone. Compared to the bit are the digest of the \
      final parameters and every figure of the entry but times. --record is for the keeper of a board: \
      it writes what came of it into verified.yaml beside the entry, never into the entry. --seeds \
      asks whether the entry's own seeds were lucky ones: with others its worst case has to be where \
      95 of 100 such runs are, or better. Exit codes: 0 all agree; 1 something cannot be read or run; \
      2 a trial differs, the entry breaks a rule, or other seeds keep too little; 75 stopped by a signal or the deadline, and what ended before is told and recorded.
      """)

  @Argument(help: "Folders with an entry.yaml.")
  var entries: [String]

  @Option(help: ArgumentHelp("How many of the trials, such as 10% or 0.1.", valueName: "share"))
  var sample = "10%"

  @Option(
    help: ArgumentHelp(
      "Other seeds draw other trials. (default: 1; by lot with --record, so that nobody can know)",
      valueName: "number"))
  var seed: Int?

  @Option(
    help: ArgumentHelp(
      "Run the worst case of each row with these seeds, too, such as 6..10.", valueName: "seeds"))
  var seeds: String?

  @Option(
    name: [.customShort("j"), .long],
    help: ArgumentHelp("Threads. (default: one per core)", valueName: "number"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      "Stop after this time, such as 3h50m, 90s or seconds, with exit code 75.", valueName: "time"))
  var deadline: TimeSpan?

  @Flag(help: "Write the outcome into verified.yaml beside the entry.")
  var record = false

  @OptionGroup var volume: QuietOption

  func validate() throws {
    _ = try share()
    _ = try seeds.map(SeedList.parsed)
    if let seed, seed < 0 { throw ValidationError("--seed has to be 0 or more, not \(seed)") }
    if let jobs, jobs < 1 || jobs > 4096 {
      throw ValidationError("--jobs has to be a number from 1 to 4096, not \(jobs)")
    }
    if entries.contains("") { throw ValidationError("the name of a folder is empty") }
  }

  private func share() throws -> Double {
    let isPercent = sample.hasSuffix("%")
    guard let number = DecimalText.value(of: isPercent ? String(sample.dropLast()) : sample) else {
      throw ValidationError("--sample takes 10% or 0.1, not '\(excerpt(sample))'")
    }
    let share = isPercent ? number / 100 : number
    guard share > 0, share <= 1 else {
      throw ValidationError("--sample has to be above 0 and at most 100%, not '\(excerpt(sample))'")
    }
    return share
  }

  func run() throws {
    let stop = StopSignal()
    let signals = SignalWatch(stop) { Console.note("stopping") }
    let timer = deadline.map { time in
      DeadlineWatch(stop, after: time.duration) { Console.note("the deadline is there: stopping") }
    }
    defer {
      timer?.cancel()
      signals.cancel()
    }
    try reportingErrors {
      let other = try seeds.map { try SeedList.parsed($0).map { Int($0) } }
      var loader = Entries.loader()
      // A bad entry keeps nobody from the others; the hardest code is that of an unreadable one.
      var worst: ExitCode?
      for (index, folder) in entries.enumerated() {
        if stop.isStopped { throw Self.stopped(before: index, of: entries.count) }
        let report = SubmitCheckCommand.Report(folder, &loader)
        guard let check = report.check, report.isAccepted else {
          for finding in report.findings { Console.error(finding.text) }
          worst = report.check == nil || worst == .failed ? .failed : .regressed
          continue
        }
        let runs = try EntryRuns(check, jobs: jobs, stop: stop)
        let outcome = try verify(runs, stop)
        try tell(outcome, folder)
        guard outcome.isWhole else { throw Self.stopped(before: index, of: entries.count) }
        if !outcome.verification.differences.isEmpty { worst = worst ?? .regressed }
        if record { try write(outcome.verification, check, lot: outcome.lot) }
        if let other, !(try tryOtherSeeds(runs, other, stop)) { worst = worst ?? .regressed }
        if stop.isStopped { throw Self.stopped(before: index + 1, of: entries.count) }
      }
      if let worst { throw worst }
    }
  }

  /// Says how far it came, and is the code to end with.
  private static func stopped(before index: Int, of count: Int) -> ExitCode {
    Console.note("stopped: \(index) of \(count == 1 ? "1 entry" : "\(count) entries") done")
    return .stopped
  }

  /// What came of one entry.
  private struct Outcome {
    var verification: Verification
    /// How many trials the lot drew: more than were run where there was a stop.
    var drawnCount: Int
    /// The seed of the sample.
    var lot: Int

    var isWhole: Bool { verification.sampled == drawnCount }
  }

  private func verify(_ runs: EntryRuns, _ stop: StopSignal) throws -> Outcome {
    let own = runs.own
    // Who could know the lot could get the sample right and make the rest up.
    let lot = seed ?? (record ? Int.random(in: 0...999_999_999) : 1)
    let drawn = TrialSample.drawn(from: own, share: try share(), seed: lot)
    let reruns = try runs.run(Set(drawn.map(\.identity)))
    // Those that no time was left for say nothing.
    let done = Set(reruns.map(\.identity))
    let sample = stop.isStopped ? drawn.filter { done.contains($0.identity) } : drawn
    let finished = own.count { $0.status == .ok }
    return Outcome(
      verification: Verification(total: finished, sample: sample, reruns: reruns),
      drawnCount: drawn.count, lot: lot)
  }

  /// Runs the worst cases with other seeds; whether the defense keeps what the entry lets expect.
  private func tryOtherSeeds(
    _ runs: EntryRuns, _ seeds: [Int], _ stop: StopSignal
  ) throws -> Bool {
    let folder = runs.check.folder
    let known = Set(runs.own.map(\.seed)).intersection(seeds)
    if let first = known.min() {
      throw Failure("\(folder): --seeds: the entry has the seed \(first)")
    }
    var isKept = true
    for (worst, metric) in runs.check.worstCases {
      let records = try runs.run(worst.cell, seeds: seeds)
      if stop.isStopped { return isKept }
      let values = records.compactMap { $0.metrics[metric] ?? nil }
      guard values.count == seeds.count, let outcome = OtherSeeds(worst, values: values) else {
        throw Failure(
          "\(folder): \(excerpt(worst.attack)): \(values.count) of \(counted(seeds.count, "seed")) "
            + "have a figure")
      }
      if outcome.isBelow { isKept = false }
      if volume.quiet && !outcome.isBelow { continue }
      try Console.print(Printable.escaped("\(folder): " + Self.text(outcome, seeds.count)))
    }
    return isKept
  }

  private static func text(_ outcome: OtherSeeds, _ count: Int) -> String {
    func figure(_ value: Double) -> String { FixedPoint.text(value, 3) }
    let range = outcome.expected.map {
      "from \(figure($0.lowerBound)) to \(figure($0.upperBound)) is to be expected: "
        + (outcome.isBelow ? "too little" : outcome.found > $0.upperBound ? "more" : "within")
    }
    return "worst case, \(excerpt(outcome.cell.attack)): \(figure(outcome.stated)), and with "
      + "\(counted(count, "other seed")) \(figure(outcome.found)); "
      + (range ?? "one seed has no interval")
  }

  private func tell(_ outcome: Outcome, _ folder: String) throws {
    let verification = outcome.verification
    for difference in verification.differences {
      Console.error(
        "\(folder): \(excerpt(difference.cell)), seed \(difference.seed): \(difference.name) is "
          + "\(difference.recorded) in the entry and \(difference.found) now")
    }
    if volume.quiet { return }
    let rest = outcome.drawnCount - verification.sampled
    try Console.print(
      Printable.escaped(
        "\(folder): \(verification.agreed) of \(counted(verification.sampled, "trial")) agree to the "
          + "bit, drawn from \(verification.total)"
          + (rest == 0 ? "" : "; \(rest) of the sample were not run, and nothing is recorded")))
  }

  private func write(_ outcome: Verification, _ check: EntryCheck, lot: Int) throws {
    let place = EntryPlace(check.folder)
    let record = VerifiedRecord(
      entry: place.name, contentSHA256: check.sha256,
      trialsSHA256: check.results.trialsSHA256, date: LoadedFiles.today, tool: Entries.toolName,
      engine: Engine.number, sampled: outcome.sampled, total: outcome.total,
      agreed: outcome.agreed, seed: lot)
    let findings = try TextFile.whileAlone(in: place.board) {
      // Read again: a run takes long, and others may have written in the meantime.
      var file = try VerifiedFile(board: place.board)
      file.add(record)
      try TextFile.replace(UserPath.joined(place.board, VerifiedFile.fileName), with: file.yaml)
      return file.vanished(from: place.board)
    }
    for finding in findings { Console.note(finding.text) }
  }
}
