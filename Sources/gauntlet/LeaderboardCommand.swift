import ArgumentParser
import Foundation
import Leaderboards
import Reporting
import Results
import Studies

struct LeaderboardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leaderboard", abstract: "Builds the page of a leaderboard.",
    subcommands: [LeaderboardBuildCommand.self])
}

struct LeaderboardBuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build", abstract: "Checks a folder of entries and builds their page.",
    usage: "gauntlet leaderboard build <entries> --output <folder> [options]",
    discussion: """
      Writes index.html, which loads nothing, and the tables as CSV, JSON, Markdown and LaTeX. Rows \
      are sorted by accuracy under the attack that a defense stands worst. Entries that do not keep \
      the rules of 'submit check' are named on the page and on standard error. Which were recomputed \
      stands in verified.yaml beside them, which 'verify --record' writes. The output folder is \
      replaced as a whole if this command wrote it, and refused if it holds anything else. Exit codes: 0 all \
      entries are on the page; 1 none is, and nothing is written; 5 some are not; 64 wrong usage.
      """)

  @Argument(help: "A folder with a folder for each entry.")
  var entries: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder for the site.", valueName: "folder"))
  var output: String

  @Option(help: ArgumentHelp("The heading of the page.", valueName: "text"))
  var title = "Gauntlet leaderboard"

  @OptionGroup var volume: QuietOption

  func validate() throws {
    if output.isEmpty { throw ValidationError("--output is empty") }
  }

  func run() throws {
    try reportingErrors {
      let site = OutputFolder(output, schema: BoardSite.schema)
      try site.check()
      let folders = try Entries.folders(in: entries)
      guard !folders.isEmpty else { throw Failure("\(entries): holds no entry") }
      var loader = Entries.loader()
      // The keeper's own mistake is told once, not by each entry.
      let keeper = try loader.keeper(of: entries)
      for finding in keeper.vanished(from: entries) { Console.note(finding.text) }
      let reports = folders.map { SubmitCheckCommand.Report($0, &loader) }
      let unreadable = reports.filter { $0.check == nil }.map {
        Board.Refused(folder: $0.folder, findings: $0.findings)
      }
      let board = Board(reports.compactMap(\.check), unreadable: unreadable, facts: .builtIn)
      for refused in board.refused {
        for finding in refused.findings { Console.error(finding.text) }
      }
      guard !board.rows.isEmpty else {
        throw Failure("\(entries): no entry keeps the rules; nothing was written")
      }
      try site.write(BoardSite(board, title: title, tool: Entries.toolName).files)
      if !volume.quiet {
        Console.note(
          "\(counted(board.rows.count, "row")) of \(Self.entries(folders.count)), "
            + "\(output)/index.html")
      }
      if !board.refused.isEmpty {
        Console.error(
          "\(Self.entries(board.refused.count)) not on the board")
        throw ExitCode.incomparable
      }
    }
  }

  private static func entries(_ count: Int) -> String {
    count == 1 ? "1 entry" : "\(count) entries"
  }
}
