import ArgumentParser
import Components
import Diagnostics
import Federation
import Foundation
import Markup
import Reporting
import Results
import Suite

struct PluginNewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Writes a defense, attack or trainer in Python to start from.",
    usage: "gauntlet plugin new defense|attack|trainer <name> [--output <folder>]",
    discussion: """
      Makes a folder with a script of a few lines, the module gauntlet_worker.py that it needs (NumPy \
      is all that has to be installed), a scenario that runs it as it is, and a README. Files that are \
      there are never replaced.

      gauntlet plugin new defense my-median
      """)

  @Argument(
    help: ArgumentHelp("What it is: defense, attack or trainer.", valueName: "kind"))
  var kind: PluginTemplate.Kind

  @Argument(
    help: ArgumentHelp(
      "What scenarios and results call it: small letters, digits and hyphens.", valueName: "name"))
  var name: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder for its files; otherwise the name.", valueName: "folder"))
  var output: String?

  @OptionGroup var volume: QuietOption

  func validate() throws {
    guard name.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil, name.utf8.count <= 50 else {
      throw ValidationError(
        "a name has up to 50 small letters, digits and single hyphens and begins with a letter, "
          + "such as my-median, not '\(name)'")
    }
    if output == "" { throw ValidationError("--output is empty") }
  }

  func run() throws {
    try reportingErrors {
      try requireFreeName()
      let template = PluginTemplate(kind: kind, name: name)
      let folder = output ?? name
      let files = template.files.map { (UserPath.joined(folder, $0.name), $0.text) }
      let taken = files.map(\.0).filter { FileManager.default.fileExists(atPath: $0) }
      guard taken.isEmpty else {
        throw Failure("\(taken.joined(separator: ", ")): there already; nothing was written")
      }
      try TextFile.makeFolder(folder)
      for (path, text) in files {
        try TextFile.replace(path, with: text)
        if !volume.quiet { try Console.print(Printable.escaped(path)) }
      }
      if volume.quiet { return }
      Console.note(
        """
        next:
          cd \(ShellWord.quoted(folder))
          gauntlet plugin check -- python3 \(template.scriptName)
          gauntlet run \(template.scenarioName) -o results
        """)
    }
  }

  /// Refuses names that mean something else in a scenario or to Python.
  private func requireFreeName() throws {
    let catalog = Catalog.withWorkers
    let ids =
      catalog.attacks.map(\.manifest.id.rawValue)
      + catalog.aggregators.map(\.manifest.id.rawValue)
    if ids.contains(name) || name == "none" {
      throw Failure(
        "Gauntlet has a method '\(name)' already; take another name, such as my-\(name)")
    }
    let script = PluginTemplate.moduleName(of: name) + ".py"
    if script == WorkerModule.fileName {
      throw Failure(
        "\(script) is the module that the script imports; take another name, such as my-defense")
    }
    if PythonNames.taken.contains(PluginTemplate.moduleName(of: name)) {
      throw Failure(
        "\(script) would hide Python's own module '\(script.dropLast(3))'; take another name, such as "
          + "my-\(name)"
      )
    }
  }
}
