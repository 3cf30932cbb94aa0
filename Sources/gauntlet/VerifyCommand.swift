import ArgumentParser
import Diagnostics
import Foundation
import Leaderboards
import Markup
import Metrics
import Reporting
import Results
import Simulation
import Studies
import Suite
import Synchronization

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Runs a sample of an entry's trials again, and compares.",
    usage: "gauntlet verify <entry> … [options]",
    discussion: """
      The sample depends on --seed and the trials alone. Compared to the bit are the digest of the \
      final parameters and every figure of the entry but times. --record writes into entry.yaml what \
      came of it, and drops the file's comments. Exit codes: 0 all agree; 1 something cannot be \
      read or run; 2 a trial differs, or the entry breaks a rule; 75 stopped.
      """)

  @Argument(help: "Folders with an entry.yaml.")
  var entries: [String]

  @Option(help: ArgumentHelp("How many of the trials, such as 10% or 0.1.", valueName: "share"))
  var sample = "10%"

  @Option(help: ArgumentHelp("Other seeds draw other trials.", valueName: "number"))
  var seed = 1

  @Option(
    name: [.customShort("j"), .long],
    help: ArgumentHelp("Threads. (default: one per core)", valueName: "number"))
  var jobs: Int?

  @Flag(help: "Write the outcome into entry.yaml.")
  var record = false

  @OptionGroup var volume: QuietOption

  func validate() throws {
    _ = try share()
    if seed < 0 { throw ValidationError("--seed has to be 0 or more, not \(seed)") }
    if let jobs, jobs < 1 || jobs > 4096 {
      throw ValidationError("--jobs has to be a number from 1 to 4096, not \(jobs)")
    }
    if entries.contains("") { throw ValidationError("the name of a folder is empty") }
  }

  private func share() throws -> Double {
    let isPercent = sample.hasSuffix("%")
    guard let number = Double(isPercent ? String(sample.dropLast()) : sample) else {
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
    defer { signals.cancel() }
    try reportingErrors {
      var loader = Entries.loader()
      // A bad entry keeps nobody from the others; the hardest code is that of an unreadable one.
      var worst: ExitCode?
      for folder in entries {
        let report = SubmitCheckCommand.Report(folder, &loader)
        guard let check = report.check, report.isAccepted else {
          for finding in report.findings { Console.error(finding.text) }
          worst = report.check == nil || worst == .failed ? .failed : .regressed
          continue
        }
        let outcome = try verify(check, stop)
        if stop.isStopped { throw ExitCode.stopped }
        if !outcome.differences.isEmpty { worst = worst ?? .regressed }
        try tell(outcome, folder)
        if record { try write(outcome, check) }
      }
      if let worst { throw worst }
    }
  }

  private func verify(_ check: EntryCheck, _ stop: StopSignal) throws -> Verification {
    let results = check.results
    guard results.manifest.engine == Engine.number else {
      throw Failure(
        "\(check.folder): is of engine \(results.manifest.engine), and this is engine "
          + "\(Engine.number)")
    }
    let scenario = UserPath.joined(results.folder, Entry.scenarioName)
    guard results.plan != nil else {
      throw Failure("\(scenario): \(results.planningProblem)")
    }
    let records = results.study.results.records
    let own = records.filter { $0.defense == check.entry.defense }
    let drawn = TrialSample.drawn(from: own, share: try share(), seed: seed)
    let identities = Set(drawn.map(\.identity))
    let plan = try Plan(
      path: scenario, catalog: .builtIn,
      options: Entries.options(
        Set(own.map(\.seed)).sorted(), only: Self.selection(check.entry.defense)))
    // What is not drawn counts as done, so that only the sample runs, with what it is compared to.
    let runner = Runner(
      plan: plan, metrics: .builtIn,
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
      recorded: records.filter { !identities.contains($0.identity) },
      memory: try MemoryLimit.current(environment: ProcessInfo.processInfo.environment))
    let found = Mutex<[TrialRecordV1]>([])
    do {
      _ = try runner.run(stop: stop, patience: .seconds(2), onProgress: { _ in }) { trial in
        if identities.contains(trial.record.identity) {
          found.withLock { $0.append(trial.record) }
        }
      }
    } catch let error as RepetitionError {
      // A trial that the sample is compared to differs, which says as much.
      Console.error("\(error)")
    }
    let finished = own.count { $0.status == .ok }
    return Verification(total: finished, sample: drawn, reruns: found.withLock { $0 })
  }

  /// The cells of the defense alone, where an expression can name it.
  private static func selection(_ defense: String) -> Selection? {
    let isPlain = defense.utf8.allSatisfy { byte in
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.".utf8.contains(byte)
    }
    return isPlain ? try? Selection("defense=\(defense)") : nil
  }

  private func tell(_ outcome: Verification, _ folder: String) throws {
    for difference in outcome.differences {
      Console.error(
        "\(folder): \(excerpt(difference.cell)), seed \(difference.seed): \(difference.name) is "
          + "\(difference.recorded) in the entry and \(difference.found) now")
    }
    if volume.quiet { return }
    try Console.print(
      Printable.escaped(
        "\(folder): \(outcome.agreed) of \(counted(outcome.sampled, "trial")) agree to the bit, "
          + "drawn from \(outcome.total)"))
  }

  private func write(_ outcome: Verification, _ check: EntryCheck) throws {
    var entry = check.entry
    let digest = check.results.trialsSHA256
    entry.recomputed.removeAll { $0.trialsSHA256 != digest }
    entry.recomputed.append(
      .init(
        date: LoadedFiles.today, tool: Entries.toolName, engine: Engine.number,
        sampled: outcome.sampled, total: outcome.total, agreed: outcome.agreed, seed: seed,
        trialsSHA256: digest))
    try TextFile.replace(UserPath.joined(check.folder, Entry.fileName), with: entry.yaml)
  }
}
