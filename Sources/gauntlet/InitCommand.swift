import ArgumentParser
import Foundation
import Reporting
import Results

struct InitCommand: ParsableCommand {
  enum CI: String, ExpressibleByArgument, CaseIterable {
    case github
  }

  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Writes a starter scenario and claims, and a workflow that gates them in CI.",
    usage: "gauntlet init [<folder>] [--ci github] [options]")

  @Argument(help: ArgumentHelp("Where to write; the root of your repository.", valueName: "folder"))
  var folder: String = "."

  @Option(help: ArgumentHelp("Also write a workflow.", valueName: "service"))
  var ci: CI?

  @Option(
    help: ArgumentHelp(
      "Where the workflow gets Gauntlet's source, a GitHub repository; without it the variable "
        + "GAUNTLET_REPOSITORY of your repository says so.", valueName: "owner/name"))
  var repository: String?

  @Flag(help: "Replace files that are there.")
  var force = false

  func validate() throws {
    if repository != nil, ci == nil { throw ValidationError("--repository needs --ci github") }
    if let repository, repository.wholeMatch(of: /[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+/) == nil {
      throw ValidationError("--repository takes OWNER/NAME, not '\(repository)'")
    }
  }

  func run() throws {
    try reportingErrors {
      var files = [
        ("gauntlet/scenario.yaml", StarterFiles.scenario),
        ("gauntlet/claims.yaml", StarterFiles.claims),
      ]
      if ci == .github {
        files.append((".github/workflows/gauntlet.yml", StarterFiles.workflow(repository)))
      }
      let paths = files.map {
        folder == "." ? $0.0 : (folder as NSString).appendingPathComponent($0.0)
      }
      for path in paths { try refuseWhatIsInTheWay(of: path) }
      let taken = paths.filter { FileManager.default.fileExists(atPath: $0) }
      guard force || taken.isEmpty else {
        throw Failure("\(taken.joined(separator: ", ")): there already; --force replaces")
      }
      for (path, file) in zip(paths, files) {
        try TextFile.makeFolder((path as NSString).deletingLastPathComponent)
        try TextFile.replace(path, with: file.1)
        try Console.print(path)
      }
      Console.note(
        """
        next:\(folder == "." ? "" : "\n  cd \(ShellWord.quoted(folder))")
          gauntlet run gauntlet/scenario.yaml -o results --fresh
          gauntlet baseline make results -o gauntlet/baseline.json
          gauntlet gate results --baseline gauntlet/baseline.json --claims gauntlet/claims.yaml
        and commit gauntlet/ with its baseline; results/ need not be committed
        """)
      if ci == .github, repository == nil {
        Console.note(
          "set the variable GAUNTLET_REPOSITORY of your GitHub repository to the OWNER/NAME of "
            + "Gauntlet's source (Settings, Secrets and variables, Actions, Variables)")
      }
    }
  }
  /// Finds out before anything is written that a file has the name of a folder, or the reverse.
  private func refuseWhatIsInTheWay(of path: String) throws {
    let files = FileManager.default
    func isFolder(_ path: String) -> Bool {
      (try? files.contentsOfDirectory(atPath: path)) != nil
    }
    var parent = (path as NSString).deletingLastPathComponent
    while !parent.isEmpty, parent != "/" {
      if files.fileExists(atPath: parent) {
        guard !isFolder(parent) else { break }
        throw Failure(
          "the file '\(parent)' is in the way of a folder for \(path); move it away, or name "
            + "another folder: gauntlet init <folder>")
      }
      parent = (parent as NSString).deletingLastPathComponent
    }
    if isFolder(path) {
      throw Failure("the folder '\(path)' is in the way of a file; move it away")
    }
  }
}
