import ArgumentParser
import Diagnostics
import Foundation
import Leaderboards
import Markup
import Reporting
import Results
import Simulation
import Studies

struct SubmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit", abstract: "Makes and checks entries of a leaderboard.",
    subcommands: [SubmitPackCommand.self, SubmitCheckCommand.self])
}

struct SubmitPackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack", abstract: "Makes an entry from a folder of results.",
    usage:
      "gauntlet submit pack <results> --defense <id> --who <name> --licence <licence> -o <folder>",
    discussion: """
      An entry is one defense with one setting against all attacks of a scenario. It carries the \
      trials with the figures that a board shows, and the scenario, so that others can run a sample \
      again. Of several defenses each gets a folder, and all share one folder of results. Then the \
      rules of 'submit check' are applied; an entry that does not keep them is written all the same, \
      and the command ends with 2.
      """)

  @Argument(help: "A folder that 'run' or 'merge' wrote.")
  var results: String

  @Option(help: ArgumentHelp("A defense of the results; may be repeated.", valueName: "id"))
  var defense: [String] = []

  @Flag(help: "All defenses of the results.")
  var all = false

  @Option(help: ArgumentHelp("Who sends it in.", valueName: "name"))
  var who: String

  @Option(
    help: ArgumentHelp(
      "Where the defense is described. (default: as the catalog has it)", valueName: "text"))
  var paper: String?

  @Option(
    name: [.customLong("licence"), .customLong("license")],
    help: ArgumentHelp("The licence of the defense's code.", valueName: "licence"))
  var licence: String

  @Option(
    help: ArgumentHelp(
      "The scenario that was run, for a copy of it; without one nobody can verify the entry.",
      valueName: "file"))
  var scenario: String?

  @Option(
    name: .customLong("name"),
    help: ArgumentHelp("What the board calls it. (default: its id)", valueName: "name"))
  var entryName: String?

  @Option(
    name: .customLong("code-version"),
    help: ArgumentHelp(
      "The version of the defense's code. (default: that of the program)", valueName: "version"))
  var codeVersion: String?

  @Option(help: ArgumentHelp("A remark for readers of the board.", valueName: "text"))
  var note: String?

  @Option(help: ArgumentHelp("An https address; may be repeated.", valueName: "address"))
  var link: [String] = []

  @Flag(help: "Say that there are fewer than five seeds.")
  var preliminary = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder to make; it must not be there.", valueName: "folder"))
  var output: String

  mutating func validate() throws {
    // `entries/krum/` is the folder `entries/krum`, beside which its files are made.
    while output.count > 1, output.utf8.last == UInt8(ascii: "/") { output.removeLast() }
    if defense.isEmpty != all {
      throw ValidationError("give --defense once or more, or --all")
    }
    if entryName != nil, all || defense.count > 1 {
      throw ValidationError("--name is for one defense")
    }
    if output.isEmpty { throw ValidationError("--output is empty") }
  }

  func run() throws {
    try reportingErrors {
      guard !Entries.exists(output) else { throw Failure("\(output): is there already") }
      let loaded = try LoadedFiles.results(results)
      let manifest = try ResultFolder.readManifest(results)
      let study = Study(manifest, loaded, facts: .builtIn)
      let known = study.entries.defenses.map(\.id).filter(study.grid.defenses.contains)
      for id in defense where !known.contains(id) {
        throw Failure(
          "--defense: the results have no defense '\(excerpt(id))'"
            + suggestion(for: id, among: known))
      }
      let chosen = all ? known : defense.uniqued()
      let text = try scenario.map { path in
        String(decoding: try contents(path), as: UTF8.self)
      }
      let pack = EntryPack(
        study,
        words: .init(
          submitter: who, paper: paper, licence: licence, version: codeVersion, note: note,
          links: link, isPreliminary: preliminary), scenario: text)
      let names = entryName.map { name in chosen.map { ($0, name) } } ?? []
      try write(try pack.files(chosen, names: Dictionary(uniqueKeysWithValues: names)))
      try check(chosen.count)
    }
  }

  private func contents(_ path: String) throws -> [UInt8] {
    do {
      return try UserFile.contents(of: path, upTo: 1 << 20)
    } catch {
      throw Failure("\(path): \(error)")
    }
  }

  /// All files or none: they are made beside the folder and get its name at the end.
  private func write(_ files: [(path: String, text: String)]) throws {
    let staging = "\(output).\(ProcessInfo.processInfo.processIdentifier).partial"
    do {
      for file in files {
        let path = UserPath.joined(staging, file.path)
        try TextFile.makeFolder(UserPath.folder(of: path))
        try TextFile.replace(path, with: file.text)
      }
      try FileManager.default.moveItem(atPath: staging, toPath: output)
    } catch {
      try? FileManager.default.removeItem(atPath: staging)
      throw error
    }
  }

  private func check(_ count: Int) throws {
    var loader = Entries.loader()
    let folders = count == 1 ? [output] : try Entries.folders(in: output)
    let reports = folders.map { SubmitCheckCommand.Report($0, &loader) }
    for finding in reports.flatMap(\.findings) { Console.note(finding.text) }
    Console.note("\(counted(count, "defense")) packed into \(output)")
    if reports.contains(where: { !$0.isAccepted }) { throw ExitCode.regressed }
  }
}

struct SubmitCheckCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Holds entries against the rules of the leaderboard.",
    usage: "gauntlet submit check <entry> … [options]",
    discussion: """
      Each finding has the number of its rule, the place and what to do; --rules prints the rules. \
      Exit codes: 0 all are kept; 1 an entry or its results cannot be read; 2 a rule is broken; 64 \
      wrong usage.
      """)

  @Argument(help: "Folders with an entry.yaml.")
  var entries: [String] = []

  @Flag(help: "Print the rules.")
  var rules = false

  @Option(help: ArgumentHelp("How to print it.", valueName: "format"))
  var format: Format = .text

  /// What came of one entry.
  struct Report {
    let folder: String
    let check: EntryCheck?
    let findings: [EntryFinding]

    init(_ folder: String, _ loader: inout EntryLoader) {
      self.folder = folder
      do throws(EntryLoader.Unreadable) {
        let check = try loader.check(folder)
        self.check = check
        findings = check.findings
      } catch {
        check = nil
        findings = error.findings
      }
    }

    var isAccepted: Bool { check?.errors.isEmpty ?? false }

    var json: JSONValue {
      [
        "entry": .string(folder), "accepted": .bool(isAccepted),
        "status": isAccepted ? .string(check?.status.rawValue ?? "") : .null,
        "findings": .array(findings.map(\.json)),
      ]
    }
  }

  func validate() throws {
    if entries.isEmpty != rules { throw ValidationError("give entries to check, or --rules") }
    if entries.contains("") { throw ValidationError("the name of a folder is empty") }
  }

  func run() throws {
    try reportingErrors {
      if rules { return try printRules() }
      var loader = Entries.loader()
      let reports = entries.map { Report($0, &loader) }
      switch format {
      case .json:
        let object: JSONValue = [
          "rules": .string(EntryRule.version), "entries": .array(reports.map(\.json)),
        ]
        try Console.print(CanonicalJSON.string(object))
      case .text:
        for report in reports {
          for finding in report.findings { Console.note(finding.text) }
          let outcome =
            report.isAccepted
            ? report.check?.status.rawValue ?? "" : "refused"
          try Console.print(Printable.escaped("\(report.folder): \(outcome)"))
        }
      }
      if reports.contains(where: { $0.check == nil }) { throw ExitCode.failed }
      if reports.contains(where: { !$0.isAccepted }) { throw ExitCode.regressed }
    }
  }

  private func printRules() throws {
    switch format {
    case .text:
      try Console.print(EntryRule.version)
      for rule in EntryRule.all {
        try Console.print("\(rule.id) \(rule.severity.rawValue): \(rule.text)\n  \(rule.remedy)")
      }
    case .json:
      let rules = EntryRule.all.map { rule -> JSONValue in
        [
          "rule": .string(rule.id), "severity": .string(rule.severity.rawValue),
          "text": .string(rule.text), "remedy": .string(rule.remedy),
        ]
      }
      try Console.print(
        CanonicalJSON.string(["version": .string(EntryRule.version), "rules": .array(rules)]))
    }
  }
}
