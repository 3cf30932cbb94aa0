import ArgumentParser
import Diagnostics
import Gating
import Reporting
import Results
import Studies

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Turns folders of results into a page that one can mail, with tables and figures.",
    usage: "gauntlet report <results> … --output <folder> [options]",
    discussion: """
      index.html is one file without any request to elsewhere; beside it are every table \
      (tables/*.csv, json, md, tex), every figure with its numbers (figures/*.svg, csv) and cells.csv. \
      The output folder is replaced as a whole if 'report' wrote it, and refused if it holds anything \
      else. With --baseline the page says how the results stand against it; 'gate' is what judges, and \
      'report' ends with 0 whatever it says.
      """)

  @Argument(help: "Folders that 'run' or 'merge' wrote.")
  var results: [String]

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder for the report.", valueName: "folder"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "What to write, separated by commas: \(ReportFiles.Format.list), or all. (default: all)",
      valueName: "formats"))
  var to: String?

  @Option(
    help: ArgumentHelp(
      "Compare with a baseline, or with one for each folder of results in their order.",
      valueName: "file"))
  var baseline: [String] = []

  @Option(
    help: ArgumentHelp(
      "Show a picture that 'preview' drew, or one for each folder of results in their order. "
        + "(default: preview.png in that folder, if it is there)", valueName: "file"))
  var preview: [String] = []

  @OptionGroup var selection: SelectionOptions

  @OptionGroup var volume: QuietOption

  func validate() throws {
    if output.isEmpty { throw ValidationError("--output is empty") }
    if results.isEmpty { throw ValidationError("a folder of results is needed") }
    if results.contains("") { throw ValidationError("the name of a folder is empty") }
    if !baseline.isEmpty, baseline.count != results.count {
      throw ValidationError(
        "--baseline: \(counted(baseline.count, "file")) for \(counted(results.count, "folder")) of "
          + "results; give one for each")
    }
    if !preview.isEmpty, preview.count != results.count {
      throw ValidationError(
        "--preview: \(counted(preview.count, "file")) for \(counted(results.count, "folder")) of "
          + "results; give one for each")
    }
    _ = try formats()
  }

  func run() throws {
    try reportingErrors {
      let folder = OutputFolder(output, schema: ReportFiles.schema)
      try folder.check()
      let filter = try selection.filter()
      let formats = try formats()
      let loaded = try results.map { try LoadedFiles.results($0) }
      try selection.check(against: loaded.flatMap { $0.records.map(\.keys) })
      let parts = try zip(results, loaded).enumerated().map { index, pair in
        let (path, whole) = pair
        guard whole.records.contains(where: { filter($0.keys) }) else {
          throw Failure("\(path): holds no trial to show")
        }
        var part = ReportPage.Part(try LoadedFiles.study(path, whole, isShown: filter))
        part.preview =
          try preview.isEmpty
          ? PreviewFile.contents(in: path) : PreviewFile.contents(of: preview[index])
        if !baseline.isEmpty {
          part.gate = Gate(today: LoadedFiles.today, isIncluded: filter).check(
            whole, against: try LoadedFiles.baseline(baseline[index]), resultsPath: path,
            baselinePath: baseline[index])
        }
        return part
      }
      let files = ReportFiles(
        parts, formats: formats, markedFlags: Scores.markedFlags)
      try folder.write(files.all())
      if volume.quiet { return }
      Console.note(
        formats.contains(.html) ? "\(UserPath.joined(output, "index.html"))" : "\(output)")
    }
  }

  /// Stands for all formats.
  private static let everything = "all"

  private func formats() throws -> Set<ReportFiles.Format> {
    guard let to else { return Set(ReportFiles.Format.allCases) }
    let names = to.split(separator: ",").map { $0.split(separator: " ").joined(separator: " ") }
    guard !names.isEmpty else { throw ValidationError("--to names no format") }
    return Set(
      try names.flatMap { name in
        if name == Self.everything { return ReportFiles.Format.allCases }
        guard let format = ReportFiles.Format(rawValue: name) else {
          let known = ReportFiles.Format.allCases.map(\.rawValue) + [Self.everything]
          throw ValidationError(
            "--to: there is no format '\(excerpt(name))'" + suggestion(for: name, among: known))
        }
        return [format]
      })
  }
}
