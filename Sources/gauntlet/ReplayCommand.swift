import ArgumentParser
import BareRounds
import Components
import Determinism
import Dumps
import Federation
import Foundation
import Reporting
import Results
import Simulation
import Suite

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Scores defenses on recorded rounds, without training.",
    usage: "gauntlet replay <dumps> … --defense <id:…> [--defense <id:…>]… [options]",
    discussion: """
      A round is a folder with an (n, d) matrix of updates, or an array per tensor, as .npy, .npz or \
      .safetensors, and a meta.json beside it, such as {"malicious": [0, 1, 2], "round": 5}; 'run \
      --dump-updates' writes them, and so does a script around any training. Folders side by side are \
      the rounds of one run. Detection, stealth, influence and kappa are measured as 'run' measures \
      them. Without a list of malicious rows, what can be said without it is said.

      gauntlet replay results/dumps --defense krum:f=2 --defense 'nnm:f=2 + krum:f=2'
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case csv
  }

  @Argument(help: "Folders of dumps, of trials or of rounds, or files of updates.")
  var dumps: [String]

  @Option(
    help: ArgumentHelp(
      "A rule, such as krum:f=2, or stages and a rule, such as 'nnm:f=2 + krum:f=2'; may be repeated.",
      valueName: "id:key=value,…"))
  var defense: [String] = []

  @Option(
    help: ArgumentHelp(
      "A stage before every rule, such as nnm:f=2; may be repeated.", valueName: "id:key=value,…"))
  var stage: [String] = []

  @Flag(help: "Also play the honest rows alone to each rule: whom it accuses when nobody attacks.")
  var attackFree = false

  @Option(help: ArgumentHelp("How to show the scores.", valueName: "format"))
  var format: Format = .text

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file for the scores. (default: standard output)", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The seed of randomized defenses, where the dumps say none.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(
    name: [.customShort("j"), .long],
    help: ArgumentHelp("Threads; the result does not depend on it.", valueName: "number"))
  var jobs: Int?

  @Option(help: ArgumentHelp("When to color the tables; auto heeds NO_COLOR.", valueName: "when"))
  var color: ColorMode = .auto

  func validate() throws {
    if dumps.isEmpty { throw ValidationError("a folder of dumps is needed") }
    if dumps.contains("") { throw ValidationError("the name of a folder is empty") }
    if defense.isEmpty { throw ValidationError("give a --defense, such as --defense krum:f=2") }
    if output == "" { throw ValidationError("--output is empty") }
    if let jobs, jobs < 1 || jobs > 4096 {
      throw ValidationError("--jobs has to be a number from 1 to 4096, not \(jobs)")
    }
  }

  func run() throws {
    try reportingErrors {
      let sequences = try DumpFinder.sequences(dumps)
      let memory = try MemoryLimit.current(environment: ProcessInfo.processInfo.environment)
      let replay = Replay(
        try defense.map(candidate),
        options: Replay.Options(
          seed: seed, attackFree: attackFree, byteLimit: memory.byteCount,
          pool: WorkPool(width: jobs ?? ProcessInfo.processInfo.activeProcessorCount)))
      var report = ReplayReport(attackFree: attackFree)
      for sequence in sequences { report.dumps.append(try replay.run(sequence)) }
      let text =
        switch format {
        case .text: report.text(width: Terminal.outputWidth, color: color.isOn && output == nil)
        case .json: CanonicalJSON.string(report.json) + "\n"
        case .csv: report.csv
        }
      if let output, output != "-" {
        try TextFile.replace(output, with: text)
      } else {
        try Console.print(text)
      }
      try conclude(report)
    }
  }

  private func conclude(_ report: ReplayReport) throws {
    let failures = report.failures
    for failure in failures { Console.error(failure) }
    if !failures.isEmpty { throw ExitCode.failed }
    guard report.hasScores else {
      throw Failure("no defense applies to these rounds")
    }
  }

  /// A defense by its expression; a mistake in it is an error before any file is read.
  private func candidate(_ text: String) throws -> ReplayCandidate {
    let parts = Self.parts(text)
    let stages = stage + parts.dropLast()
    guard let rule = parts.last, !rule.isEmpty else {
      throw Failure("--defense '\(text)' names no rule")
    }
    let named = try stages.map { try ComponentExpression.ofCommandLine($0) }
    let namedRule = try ComponentExpression.ofCommandLine(rule)
    // Its f may come from the dump.
    _ = try DefenseExpression(
      stages: named, rule: namedRule, catalog: .withWorkers,
      facts: [.declaredByzantine: .integer(0)])
    return ReplayCandidate((stage + parts).joined(separator: " + ")) { setup, columns, declared in
      let components = try DefenseExpression(
        stages: named, rule: namedRule, catalog: .withWorkers,
        facts: declared.map { [.declaredByzantine: .integer($0)] } ?? [:])
      let made = try components.make(setup)
      guard let rule = made.rule else { throw Failure("--defense '\(text)' names no rule") }
      return ReplayCandidate.Made(
        pipeline: DefensePipeline(stages: made.stages, rule: rule), needs: components.needs,
        declaresMalicious: components.declaresMalicious, isStateful: components.isStateful,
        declaredByzantine: components.leastByzantineCount,
        workingBytes: components.workingBytes(
          rowCount: setup.participantCount, columnCount: columns))
    }
  }

  /// Stages and rule of an expression; a command line, which comes last, may have a plus of its own.
  ///
  /// A plus before a letter joins two methods; that of `1e+3` is a part of a number.
  private static func parts(_ text: String) -> [String] {
    var parts: [String] = []
    var rest = text.trimmingCharacters(in: .whitespaces)
    while !rest.hasPrefix("exec:"), let plus = rest.firstMatch(of: /\s*\+(?:\s+|(?=[A-Za-z])|$)/) {
      parts.append(String(rest[..<plus.range.lowerBound]))
      rest = String(rest[plus.range.upperBound...])
    }
    return parts + [rest]
  }
}
