import ArgumentParser
import Components
import Diagnostics
import Reporting
import Results
import Studies

struct CiteCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case bibtex
    case text
  }

  static let configuration = CommandConfiguration(
    commandName: "cite",
    abstract: "Prints the papers of the methods and data sets of results, as BibTeX.",
    usage: "gauntlet cite <results> … [--format bibtex|text]\n       gauntlet cite --all",
    discussion: """
      Each paper stands once, with the ids that it is for. Keys follow from author, year and title \
      alone, so that they are the same in every bibliography. What has no paper is named too.
      """)

  @Argument(help: "Folders that 'run' or 'merge' wrote.")
  var results: [String] = []

  @Flag(help: "Everything that this program knows, instead of what results name.")
  var all = false

  @Option(help: ArgumentHelp("How to print them.", valueName: "format"))
  var format: Format = .bibtex

  func validate() throws {
    if results.contains("") { throw ValidationError("the name of a folder is empty") }
    if results.isEmpty, !all {
      throw ValidationError("a folder of results is needed; --all takes everything there is")
    }
    if !results.isEmpty, all { throw ValidationError("--all takes no folder of results") }
  }

  func run() throws {
    try reportingErrors {
      var cited = CitedMethods(.builtIn)
      if all { cited.addAll() }
      for folder in results { cited.add(try LoadedFiles.results(folder)) }
      let versions = try results.map { try ResultFolder.readManifest($0).tool.version }
      let bibliography = Bibliography(
        cited.uses, software: Tool.software(versions: versions), remarks: cited.remarks)
      switch format {
      case .bibtex: try Console.print(bibliography.bibtex)
      case .text: try Console.print(bibliography.text)
      }
    }
  }
}
