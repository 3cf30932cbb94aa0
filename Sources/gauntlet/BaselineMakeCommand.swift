import ArgumentParser
import Foundation
import Gating
import Metrics
import Reporting
import Results
import Simulation
import Suite

struct BaselineMakeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make", abstract: "Records results as a new baseline.",
    usage: "gauntlet baseline make <results> --output <file> [options]",
    discussion: """
      The default policy gates the metrics that 'gauntlet explain' shows with a tolerance; edit it in \
      the file. --replace keeps the policy and the history of the file that is there; with --metrics \
      too, those that stay keep their tolerances.
      """)

  @Argument(help: "A folder that 'run' or 'merge' wrote.")
  var results: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The baseline to write.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Gate these metrics instead of the default ones, separated by commas.", valueName: "ids"))
  var metrics: String?

  @Flag(help: "Record the other metrics too, times left out; only 'gate --exact' looks at them.")
  var allMetrics = false

  @Option(
    name: .customLong("tolerance"),
    help: ArgumentHelp(
      "The absolute tolerance of a metric, such as accuracy.final=0.02; may be repeated.",
      valueName: "id=number"))
  var tolerances: [String] = []

  @Option(help: ArgumentHelp("Why it is recorded, for its history.", valueName: "text"))
  var reason: String = "first baseline"

  @Option(help: ArgumentHelp("Who records it, for its history.", valueName: "name"))
  var by: String?

  @Flag(help: "Replace the baseline that is there.")
  var replace = false

  @Flag(help: "Replace it even where CI is set.")
  var allowCi = false

  @OptionGroup var volume: QuietOption

  func validate() throws {
    if output.isEmpty { throw ValidationError("--output is empty") }
    _ = try requestedTolerances()
  }

  func run() throws {
    try reportingErrors {
      let results = try LoadedFiles.results(results)
      var policy = try requestedPolicy()
      policy.watchUndefendedCells(results.undefendedIDs)
      var history: [BaselineV1.Entry] = []
      if FileManager.default.fileExists(atPath: output + "/.") {
        throw Failure("\(output): is a folder, and a file is needed")
      }
      if FileManager.default.fileExists(atPath: output) {
        let old = try replaced(by: results)
        policy = metrics == nil ? old.policy : old.policy.renewed(for: policy)
        history = old.history
      }
      if allMetrics { record(everyMetricOf: results, in: &policy) }
      try apply(try requestedTolerances(), to: &policy)
      var baseline = try BaselineV1(
        recording: results, policy: policy, tool: "gauntlet \(Tool.version)", now: RunInfo.now(),
        by: by, why: reason)
      baseline.history = history + baseline.history
      try TextFile.replace(output, with: baseline.text)
      try report(baseline)
    }
  }

  private func requestedPolicy() throws -> Policy {
    let standard = Policy.gating(.builtIn)
    guard let metrics else { return standard }
    var policy = Policy(metrics: [:])
    for id in metrics.split(separator: ",").map(String.init) {
      if let problem = LoadedFiles.unknownMetric(id) { throw Failure("--metrics: \(problem)") }
      guard let manifest = MetricCatalog.builtIn.manifest(of: id) else { continue }
      policy.metrics[id] =
        standard.metrics[id] ?? .init(better: manifest.gateDirection, abs: 0)
    }
    guard !policy.metrics.isEmpty else { throw Failure("--metrics names no metric") }
    return policy
  }

  /// The baseline that is about to be replaced.
  private func replaced(by results: ResultSet) throws -> BaselineV1 {
    guard replace else {
      throw Failure(
        "\(output): is there already; 'gauntlet baseline accept' changes cells of it, and "
          + "--replace starts over")
    }
    try BaselineChange.refuseInCI(unless: allowCi)
    let old: BaselineV1
    do {
      old = try BaselineV1(path: output, ranges: .builtIn)
    } catch {
      throw Failure(
        "\(output): cannot be read, and --replace would lose its policy and its history; mend it, "
          + "or move it away to start without them:\n\(error)")
    }
    guard old.origin.scenario == results.scenario else {
      throw Failure(
        "\(output): is of the scenario '\(old.origin.scenario)', and the results are of "
          + "'\(results.scenario)'; write to another file, or move this one away")
    }
    return old
  }

  private func record(everyMetricOf results: ResultSet, in policy: inout Policy) {
    for id in Set(results.records.flatMap(\.metrics.keys)) where policy.metrics[id] == nil {
      guard !TimingMetrics.ids.contains(id), let manifest = MetricCatalog.builtIn.manifest(of: id)
      else {
        continue
      }
      policy.metrics[id] = .init(better: manifest.gateDirection, gate: false)
    }
  }

  private func requestedTolerances() throws -> [(metric: String, value: Double)] {
    try tolerances.map { text in
      let parts = text.split(separator: "=", omittingEmptySubsequences: false)
      guard parts.count == 2, let value = DecimalText.value(of: String(parts[1])), value >= 0 else {
        throw ValidationError("--tolerance takes METRIC=NUMBER, not '\(text)'")
      }
      return (String(parts[0]), value)
    }
  }

  private func apply(
    _ tolerances: [(metric: String, value: Double)], to policy: inout Policy
  ) throws {
    for (id, value) in tolerances {
      guard policy.metrics[id] != nil else {
        let problem =
          LoadedFiles.unknownMetric(id)
          ?? "'\(id)' is not among the metrics of the policy; --metrics names them"
        throw Failure("--tolerance: \(problem)")
      }
      policy.metrics[id]?.abs = value
    }
  }

  private func report(_ baseline: BaselineV1) throws {
    if !volume.quiet { try Console.print(BaselineText(baseline).summary) }
    let least = baseline.cells.map(\.seeds.count).min() ?? 0
    if least < baseline.policy.minSeeds {
      Console.note(
        "a cell has \(counted(least, "seed")); below \(baseline.policy.minSeeds) the gate decides "
          + "nothing but whether numbers are identical")
    }
    Console.note("recorded in \(output)")
  }
}
