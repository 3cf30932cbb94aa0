import ArgumentParser
import Diagnostics
import Gating
import Markup
import Metrics
import Reporting
import Results
import Simulation
import Suite

struct CompareCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Shows where two folders of results differ; needs no policy.",
    usage: "gauntlet compare <old> <new> [options]",
    discussion: """
      Compares the metrics that a gate decides by, or those of --metrics. Seeds are pairs, and all \
      changes are one family: p is that of a two-sided paired t test with moderated variance times the \
      number of changes (Bonferroni), and the intervals hold all at once with 95 %. A change is beyond \
      chance exactly where its interval leaves out 0, which is where p is below 0.05. Ends with 0 \
      whatever differs, and with 5 if the two have no number in common; 'gate' is what judges.
      """)

  @Argument(help: "The folder to start from.")
  var old: String

  @Argument(help: "The folder to hold against it.")
  var new: String

  @OptionGroup var selection: SelectionOptions

  @Option(
    help: ArgumentHelp(
      "Only these metrics, separated by commas; * stands for any text. (default: those that are "
        + "gated)", valueName: "ids"))
  var metrics: String?

  @Flag(name: .shortAndLong, help: "List all changes, not only the first 40.")
  var verbose = false

  @Option(help: ArgumentHelp("How to print it.", valueName: "format"))
  var format: Format = .text

  @OptionGroup var volume: QuietOption

  func validate() throws {
    if verbose, volume.quiet {
      throw ValidationError("--quiet prints one line, and --verbose lists all changes: give one")
    }
  }

  func run() throws {
    try reportingErrors {
      let before = try LoadedFiles.results(old)
      let after = try LoadedFiles.results(new)
      try selection.check(against: (before.records + after.records).map(\.keys))
      let patterns = try patterns(before, after)
      let gated = Policy.gating(.builtIn).metrics
      let comparison = try Comparison(before, after, isIncluded: try selection.filter()) { id in
        patterns?.contains { CellPattern.matches(id, $0) } ?? (gated[id] != nil)
      }
      switch format {
      case .text:
        let text = text(comparison)
        try Console.print(volume.quiet ? String(text.prefix { $0 != "\n" }) : text)
      case .json:
        for warning in warnings(comparison) { Console.note(warning) }
        let rows = comparison.findings.filter { $0.verdict != .identical }.map {
          json($0, comparison)
        }
        try Console.print(
          "[" + rows.map { CanonicalJSON.string($0) }.joined(separator: ",\n ") + "]")
      }
      if comparison.findings.isEmpty {
        Console.error(
          "\(old) and \(new) have no number in common"
            + (comparison.otherDifferenceCount > 0 ? "; --metrics names other metrics" : ""))
        throw ExitCode.incomparable
      }
    }
  }

  /// The patterns of `--metrics`; `nil` without it.
  ///
  /// - Throws: ``Failure`` for one that no metric of either side meets.
  private func patterns(_ before: ResultSet, _ after: ResultSet) throws -> [String]? {
    guard let metrics else { return nil }
    let patterns = metrics.split(separator: ",").map(String.init)
    guard !patterns.isEmpty else { throw Failure("--metrics names no metric") }
    // Times are not compared.
    let known = Set((before.records + after.records).flatMap(\.metrics.keys))
      .filter { !TimingMetrics.ids.contains($0) }.sorted()
    for pattern in patterns where !known.contains(where: { CellPattern.matches($0, pattern) }) {
      throw Failure(
        "--metrics: neither side has a metric '\(pattern)' to compare"
          + suggestion(for: pattern, among: known))
    }
    return patterns
  }

  private func text(_ comparison: Comparison) -> String {
    let changed = comparison.findings.filter { $0.verdict != .identical }
      .sorted { ($0.pValue ?? 1, -($0.worsening ?? 0)) < ($1.pValue ?? 1, -($1.worsening ?? 0)) }
    let beyond = changed.count { $0.verdict == .regression }
    let cells = Set(comparison.findings.map(\.cell)).count
    var text =
      "\(counted(comparison.findings.count, "number")) of \(counted(cells, "cell")): "
      + "\(comparison.findings.count - changed.count) equal, \(changed.count) differ"
      + (changed.isEmpty ? "\n" : ", \(beyond) of them beyond chance\n")
    for note in comparison.notes { text += Printable.escaped("note: \(note)") + "\n" }
    for warning in warnings(comparison) { text += Printable.escaped(warning) + "\n" }
    if comparison.otherDifferenceCount > 0 {
      text +=
        "of the other metrics, \(counted(comparison.otherDifferenceCount, "number")) "
        + "\(comparison.otherDifferenceCount == 1 ? "differs" : "differ"); --metrics takes them in\n"
    }
    for (names, path) in [(comparison.onlyOld, old), (comparison.onlyNew, new)] where !names.isEmpty
    {
      let shown = Printable.escaped(names.prefix(5).joined(separator: ", "))
      text += "only in \(path): \(shown)\(names.count > 5 ? " and \(names.count - 5) more" : "")\n"
    }
    let shown = changed.prefix(verbose ? changed.count : 40)
    guard !shown.isEmpty else { return text }
    if comparison.familySize > 0 { text += method(comparison) + "\n" }
    text += "\n"
    text += ListTable(
      header: [
        "cell", "metric", "old", "new", "change", "95 % interval, adjusted", "p, adjusted", "",
      ],
      rows: shown.map(row)
      // An interval that is cut says nothing.
    ).text(width: max(Terminal.outputWidth, 130))
    if shown.count < changed.count {
      text += "and \(changed.count - shown.count) more; --verbose lists them all\n"
    }
    return text
  }

  /// What was left out; the first ten.
  private func warnings(_ comparison: Comparison) -> [String] {
    let shown = comparison.warnings.prefix(10).map { "warning: \($0)" }
    let others = comparison.warnings.count - shown.count
    return others > 0 ? shown + ["warning: and \(others) more"] : shown
  }

  private func row(_ finding: Finding) -> [String] {
    let change = (finding.current ?? 0) - (finding.baseline ?? 0)
    let interval = finding.interval.map {
      "[\(Figure.signed($0.lowerBound)), \(Figure.signed($0.upperBound))]"
    }
    return [
      finding.cell, finding.metric, finding.baseline.map(Figure.text) ?? "–",
      finding.current.map(Figure.text) ?? "–", Figure.signed(change), interval ?? "",
      finding.pValue.map { Figure.p($0).replacing("= ", with: "") } ?? "–",
      (finding.verdict == .regression ? verdict(finding, change) : finding.reason ?? "")
        + (finding.voidReason == nil ? "" : " (void: a dead model)"),
    ]
  }

  private func verdict(_ finding: Finding, _ change: Double) -> String {
    guard finding.worsening != nil, finding.pValue != nil else {
      return finding.reason ?? "changed"
    }
    switch MetricCatalog.builtIn.manifest(of: finding.metric)?.better {
    case .higher: return change > 0 ? "better" : "worse"
    case .lower: return change < 0 ? "better" : "worse"
    case nil, .some(.none): return "changed"
    }
  }

  /// What the intervals and p values are.
  private func method(_ comparison: Comparison) -> String {
    "p and intervals are adjusted for \(counted(comparison.familySize, "change")) (Bonferroni): "
      + "beyond chance is what has an interval without 0, and p < 0.05"
  }

  private func json(_ finding: Finding, _ comparison: Comparison) -> JSONValue {
    [
      "cell": .string(finding.cell), "metric": .string(finding.metric),
      "old": JSONValue(finding.baseline), "new": JSONValue(finding.current),
      "seeds": .array(finding.seeds.map(JSONValue.integer)), "p": JSONValue(finding.pValue),
      "beyond_chance": .bool(finding.verdict == .regression),
      "interval": finding.interval.map {
        .array([.number($0.lowerBound), .number($0.upperBound)])
      } ?? .null,
      "confidence": .number(1 - Comparison.alpha), "adjustment": "bonferroni",
      "family": .integer(comparison.familySize),
    ]
  }
}
