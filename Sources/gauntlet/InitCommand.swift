import ArgumentParser
import Diagnostics
import Foundation
import Markup
import Reporting
import Results

struct InitCommand: ParsableCommand {
  enum CI: String, ExpressibleByArgument, CaseIterable {
    case github
  }

  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Writes a starter scenario and claims, and a workflow that gates them in CI.",
    usage: "gauntlet init [<folder>] [--ci github [--scenario <file>]] [options]",
    discussion: """
      The workflow installs the release of Gauntlet that wrote it, trains the scenario and gates it with \
      gauntlet/baseline.json.
      """)

  @Argument(help: ArgumentHelp("Where to write; the root of your repository.", valueName: "folder"))
  var folder: String = "."

  @Option(help: ArgumentHelp("Also write a workflow.", valueName: "service"))
  var ci: CI?

  @Option(
    help: ArgumentHelp(
      "Where the workflow gets Gauntlet, a GitHub repository; without it the variable "
        + "GAUNTLET_REPOSITORY of your repository says so.", valueName: "owner/name"))
  var repository: String?

  @Option(
    help: ArgumentHelp(
      "Gate this scenario of yours, a path from the root of your repository, and write only the "
        + "workflow.", valueName: "file"))
  var scenario: String?

  @Flag(help: "Replace files that are there.")
  var force = false

  @OptionGroup var volume: QuietOption

  func validate() throws {
    if repository != nil, ci == nil { throw ValidationError("--repository needs --ci github") }
    if let repository, repository.wholeMatch(of: /[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+/) == nil {
      throw ValidationError("--repository takes OWNER/NAME, not '\(repository)'")
    }
    if scenario != nil, ci == nil { throw ValidationError("--scenario needs --ci github") }
    // It stands in a shell command of the workflow.
    if let scenario, scenario.wholeMatch(of: #/[A-Za-z0-9_][A-Za-z0-9_./-]*/#) == nil {
      throw ValidationError(
        "--scenario takes a path from the root of the repository, of letters, digits and ._/-, "
          + "not '\(scenario)'")
    }
  }

  func run() throws {
    try reportingErrors {
      var files: [(String, String)] = []
      var workflow = StarterWorkflow(repository: repository)
      if let scenario {
        let place = folder == "." ? scenario : folder + "/" + scenario
        guard FileManager.default.fileExists(atPath: place) else {
          throw Failure("\(place): no such file; --scenario names one of your repository")
        }
        workflow.scenario = scenario
        workflow.claims = nil
      } else {
        files.append(("gauntlet/scenario.yaml", StarterFiles.scenario))
        files.append(("gauntlet/claims.yaml", StarterFiles.claims))
      }
      if ci == .github { files.append((".github/workflows/gauntlet.yml", workflow.text)) }
      let paths = files.map {
        folder == "." ? $0.0 : UserPath.joined(folder, $0.0)
      }
      for path in paths { try refuseWhatIsInTheWay(of: path) }
      let taken = paths.filter { FileManager.default.fileExists(atPath: $0) }
      guard force || taken.isEmpty else {
        throw Failure("\(taken.joined(separator: ", ")): there already; --force replaces")
      }
      for (path, file) in zip(paths, files) {
        try TextFile.makeFolder(UserPath.folder(of: path))
        try TextFile.replace(path, with: file.1)
        if !volume.quiet { try Console.print(Printable.escaped(path)) }
      }
      if volume.quiet { return }
      Console.note(
        """
        next:\(folder == "." ? "" : "\n  cd \(ShellWord.quoted(folder))")
          \(scenario == nil ? "" : "mkdir -p gauntlet && ")gauntlet run \(workflow.scenario) -o results --fresh
          gauntlet baseline make results -o gauntlet/baseline.json
          gauntlet gate results --baseline gauntlet/baseline.json\(workflow.claims.map { " --claims " + $0 } ?? "")
        and commit gauntlet/ with its baseline; results/ need not be committed
        """)
      if ci == .github, repository == nil {
        Console.note(
          "set the variable \(StarterWorkflow.variable) of your GitHub repository to the OWNER/NAME of "
            + "Gauntlet (Settings, Secrets and variables, Actions, Variables), or name it with "
            + "--repository")
      }
    }
  }
  /// Finds out before anything is written that a file has the name of a folder, or the reverse.
  private func refuseWhatIsInTheWay(of path: String) throws {
    let files = FileManager.default
    func isFolder(_ path: String) -> Bool {
      (try? files.contentsOfDirectory(atPath: path)) != nil
    }
    var parent = UserPath.folder(of: path)
    while parent != ".", parent != "/" {
      if files.fileExists(atPath: parent) {
        guard !isFolder(parent) else { break }
        throw Failure(
          "the file '\(parent)' is in the way of a folder for \(path); move it away, or name "
            + "another folder: gauntlet init <folder>")
      }
      parent = UserPath.folder(of: parent)
    }
    if isFolder(path) {
      throw Failure("the folder '\(path)' is in the way of a file; move it away")
    }
  }
}
