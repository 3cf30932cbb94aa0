import ArgumentParser
import Diagnostics
import Gating
import Markup
import Metrics
import Reporting
import Results
import Studies

struct ShowCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case csv
    case json
    case md
    case tex
  }

  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Prints the tables of folders of results, as 'run' ends with or in other forms.",
    usage: "gauntlet show <results> … [options]",
    discussion: """
      As text these are the tables that 'run' ended with. --metric takes other scores, --pivot puts the \
      values of an axis of the matrix across, and --curves adds accuracy and attack success by round. \
      --format csv has one row per cell and metric, with --pivot the one table of one --metric; json \
      is a list of tables, md is for GitHub and tex for LaTeX, with the best and the second of each \
      row marked. Several folders come one after the other.
      """)

  @Argument(help: "Folders that 'run' or 'merge' wrote.")
  var results: [String]

  @Option(
    help: ArgumentHelp(
      "Only these metrics, separated by commas; * stands for any text. (default: the scores of 'run')",
      valueName: "ids"))
  var metric: String?

  @Option(
    help: ArgumentHelp(
      "Put the values of this axis across, defenses and attacks down.", valueName: "axis"))
  var pivot: String?

  @OptionGroup var selection: SelectionOptions

  @Flag(help: "Add accuracy and attack success by round, with the attack window in brackets.")
  var curves = false

  @Option(help: ArgumentHelp("When to color; auto heeds NO_COLOR.", valueName: "when"))
  var color: ColorMode = .auto

  @Option(
    help: ArgumentHelp(
      "The width of tables, 40 to 1000. (default: that of the terminal, at most 100)",
      valueName: "number"))
  var width: Int?

  @Option(help: ArgumentHelp("How to print them.", valueName: "format"))
  var format: Format = .text

  func validate() throws {
    if results.isEmpty { throw ValidationError("a folder of results is needed") }
    if results.contains("") { throw ValidationError("the name of a folder is empty") }
    if let width, !(40...1000).contains(width) {
      throw ValidationError("--width has to be a number from 40 to 1000, not \(width)")
    }
    if width != nil, format != .text {
      throw ValidationError(
        "--width is that of text; leave it out with --format \(format.rawValue)")
    }
    if curves, format != .text {
      throw ValidationError("--curves are text; leave out --format \(format.rawValue)")
    }
    if format == .csv, results.count > 1 {
      throw ValidationError("--format csv is one table; name one folder")
    }
  }

  func run() throws {
    try reportingErrors {
      let studies = try load()
      let scores = try ShownScores(studies).scores(metric)
      if format == .csv, pivot != nil, scores.count != 1 {
        throw Failure("--format csv is one table; with --pivot name one --metric")
      }
      let shown = try zip(results, studies).map { path, study in
        (path: path, study: study, tables: try tables(study, path, scores))
      }
      if format == .json {
        let tables = shown.flatMap(\.tables)
        try Console.print(CanonicalJSON.string(.array(tables.map(\.jsonValue))))
        return
      }
      let texts = try shown.map { one in
        let text = try text(one.study, scores, one.tables)
        return studies.count > 1 ? heading(one.path, one.study) + text : text
      }
      try Console.print(texts.joined(separator: "\n"))
    }
  }

  private func load() throws -> [Study] {
    let loaded = try results.map { try LoadedFiles.results($0) }
    try selection.check(against: loaded.flatMap { $0.records.map(\.keys) })
    let filter = try selection.filter()
    return try zip(results, loaded).map { path, whole in
      guard whole.records.contains(where: { filter($0.keys) }) else {
        throw Failure("\(path): holds no trial to show")
      }
      var table = CurveTable()
      if curves {
        table = try CurveTable.read(
          folder: path, records: whole.records, series: ["accuracy", "asr"])
        if let absence = table.absence { Console.note("\(path): no curves: \(absence)") }
      }
      return Study(
        try ResultFolder.readManifest(path), whole, curves: table, facts: .builtIn, isShown: filter)
    }
  }

  private func tables(_ study: Study, _ path: String, _ scores: [Score]) throws -> [DataTable] {
    let tables = StudyTables(study)
    guard let pivot else { return scores.compactMap(tables.pivot) }
    let axis = try ShownAxis(study).key(pivot, in: path)
    return scores.compactMap { tables.pivot($0, across: axis) }
  }

  private func text(_ study: Study, _ scores: [Score], _ tables: [DataTable]) throws -> String {
    let width = width ?? Terminal.outputWidth
    switch format {
    case .json: return ""
    case .md: return tables.map(\.markdown).joined(separator: "\n")
    case .tex: return tables.map(\.latex).joined(separator: "\\clearpage\n")
    case .csv:
      return pivot == nil
        ? StudyTables(study).cells(scores.map(\.metric)).csv : tables.map(\.csv).joined()
    case .text:
      let own =
        pivot == nil
        ? ScoreTables(
          study.shownRecords, judged: study.results.records, scores: scores,
          attackOrder: study.entries.attacks.map(\.id),
          defenseOrder: study.entries.defenses.map(\.id), markedFlags: Scores.markedFlags,
          references: study.references
        ).text(width: width, color: color.isOn)
        : tables.map { $0.text(width: width, color: color.isOn) }.joined(separator: "\n")
      let lines = curves ? CurveText(study).text(width: width) : ""
      return own + (lines.isEmpty ? "" : "\n" + lines)
    }
  }

  private func heading(_ path: String, _ study: Study) -> String {
    switch format {
    case .text: "=== " + Printable.escaped("\(path): \(study.name)") + "\n\n"
    case .md: "## \(MarkdownText.code(path))\n\n"
    case .tex: "% " + Printable.escaped(path) + "\n"
    case .csv, .json: ""
    }
  }
}
