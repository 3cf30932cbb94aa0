import ArgumentParser
import Foundation
import Gating
import Reporting
import Results

struct GateCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case md
    /// The text, and GitHub's annotations.
    case github
  }

  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Holds results against a baseline and claims, and fails where they got worse.",
    usage: "gauntlet gate <results> --baseline <file> [--claims <file>] [options]",
    discussion: """
      Exit codes: 0 pass; 1 the tool failed (files); 2 a regression, or a claim that is \
      broken or void; 3 inconclusive \
      with --strict or "inconclusive": "fail" in the policy, or warnings with --strict; 4 only improvements, with --fail-on-improvement; 5 nothing, or not \
      everything, could be compared; 64 wrong usage. A file that cannot be written, or a failed \
      self-test, is 1 unless the results end it with 2 or 5.
      """)

  @Argument(help: "A folder that 'run' or 'merge' wrote.")
  var results: String

  @Option(help: ArgumentHelp("A file that 'baseline make' wrote.", valueName: "file"))
  var baseline: String?

  @Option(help: ArgumentHelp("Absolute claims; may be repeated.", valueName: "file"))
  var claims: [String] = []

  @Option(help: ArgumentHelp("What to print.", valueName: "format"))
  var format: Format = .text

  @Option(help: ArgumentHelp("Also write a JUnit report.", valueName: "file"))
  var junit: String?

  @Option(
    help: ArgumentHelp(
      "Also append the Markdown report to a file; 'auto' takes GITHUB_STEP_SUMMARY.",
      valueName: "file"))
  var summary: String?

  @Flag(help: "Inconclusive checks and warnings do not pass (exit code 3).")
  var strict = false

  @Flag(help: "Every recorded number and the final parameters have to be equal to the bit.")
  var exact = false

  @Flag(help: "Improvements without a regression do not pass (exit code 4).")
  var failOnImprovement = false

  @Flag(help: "Then plant worsenings in a copy of the results; fail if one stays green.")
  var selfTest = false

  @OptionGroup var selection: SelectionOptions

  @Flag(name: .shortAndLong, help: "Print one line.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "List the checks that passed, too.")
  var verbose = false

  @Option(
    help: ArgumentHelp("When to color the text; auto heeds NO_COLOR.", valueName: "when"))
  var color: ColorMode = .auto

  func validate() throws {
    if baseline == nil, claims.isEmpty {
      throw ValidationError("--baseline or --claims is needed: what should the results be?")
    }
    if selfTest, baseline == nil { throw ValidationError("--self-test needs --baseline") }
    if exact, baseline == nil { throw ValidationError("--exact needs --baseline") }
    if quiet, verbose {
      throw ValidationError("--quiet prints one line, and --verbose lists all checks: give one")
    }
    if quiet, format != .text {
      throw ValidationError("--quiet prints one line of text, not --format \(format.rawValue)")
    }
    for (option, file) in [("--junit", junit), ("--summary", summary)] {
      if file == "-" || file == "" {
        throw ValidationError("\(option): a file is needed, not '\(file ?? "")'")
      }
    }
  }

  func run() throws {
    try reportingErrors {
      let results = try LoadedFiles.results(results)
      if let baseline, !FileManager.default.fileExists(atPath: baseline) {
        Console.error("\(baseline): no such file; 'gauntlet baseline make' records one")
        throw ExitCode.incomparable
      }
      let baseline = try baseline.map(LoadedFiles.baseline)
      let claims = try loadedClaims()
      try selection.check(
        against: results.records.map(\.keys) + (baseline?.cells.map(\.keys) ?? []))
      let filter = try selection.filter()
      let leftOut = Self.claims(claims, leftOutBy: filter, in: results)
      let gate = Gate(isExact: exact, today: LoadedFiles.today, isIncluded: filter)
      var report = gate.check(
        results, against: baseline, claims: claims.filter { !leftOut.contains($0.id) },
        resultsPath: self.results, baselinePath: self.baseline)
      if !leftOut.isEmpty {
        report.notes.append(
          "\(counted(leftOut.count, "claim")) skipped, with no cell in the selection: "
            + leftOut.joined(separator: ", "))
      }
      let outcome = report.outcome(strict: strict, failOnImprovement: failOnImprovement)
      let isWritten = write(report, outcome)
      if outcome == .regressed || outcome == .incomplete {
        if selfTest { Console.note("self-test: left out; the results are red without it") }
        throw ExitCode(Int32(outcome.rawValue))
      }
      if selfTest, let baseline { try test(gate, results, baseline) }
      guard isWritten else { throw ExitCode.failed }
      if outcome != .passed { throw ExitCode(Int32(outcome.rawValue)) }
    }
  }

  private func loadedClaims() throws -> [Claim] {
    var files: [String: String] = [:]
    return try claims.flatMap { path in
      try LoadedFiles.claims(path).map { claim in
        if let other = files.updateValue(path, forKey: claim.id) {
          throw Failure("the claim '\(claim.id)' is in \(other) and in \(path)")
        }
        return claim
      }
    }
  }

  /// The ids of claims that are about cells of the results, and about none that is selected.
  private static func claims(
    _ claims: [Claim], leftOutBy isIncluded: ([String: String]) -> Bool, in results: ResultSet
  ) -> [String] {
    let cells = Set(results.records.map(\.keys))
    return claims.filter { claim in
      let matching = cells.filter(claim.cells.matches)
      return !matching.isEmpty && !matching.contains(where: isIncluded)
    }.map(\.id)
  }

  private func test(_ gate: Gate, _ results: ResultSet, _ baseline: BaselineV1) throws {
    let test = SelfTest(gate, results, against: baseline)
    for plant in test.plants where !plant.isFound {
      Console.error(
        "self-test: \(plant.cell) \(plant.metric) made worse by \(Figure.text(plant.size)): "
          + "the gate said \(plant.verdict.rawValue)")
    }
    guard test.isPassed else {
      throw Failure(
        test.plants.isEmpty
          ? "self-test: there is no check to plant a worsening in"
          : "self-test: a planted worsening stayed green")
    }
    Console.note("self-test: \(test.plants.count) planted worsenings, all found")
  }
}
