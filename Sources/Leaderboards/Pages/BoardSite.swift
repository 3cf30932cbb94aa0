import Diagnostics
import Reporting
public import Results
import Studies

/// The files of a board: the page, and its tables for programs and papers.
public struct BoardSite: Sendable {
  /// The text of each file by its name, the page last.
  public let files: [(name: String, text: String)]

  public init(_ board: Board, title: String = "Gauntlet leaderboard", tool: String) {
    var files: [(name: String, text: String)] = []
    for tier in [nil] + board.tiers.map(\.id) {
      let table = board.table(tier: tier)
      let narrow = board.narrowTable(tier: tier)
      // Ids of tiers are the catalog's, and letters and dashes.
      files += [
        ("\(table.id).csv", table.csv),
        ("\(table.id).json", table.json),
        ("\(table.id).md", narrow.markdown), ("\(table.id).tex", narrow.latex),
      ]
    }
    let attacks = board.attackTable
    files += [
      ("attacks.csv", attacks.csv), ("attacks.json", attacks.json),
      ("attacks.md", attacks.markdown), ("attacks.tex", attacks.latex),
    ]
    files.append(("index.html", BoardPage(board, title: title, tool: tool).html))
    self.files = files
  }

  /// Writes the files, each in place of an older one at once; the page last.
  public func write(to folder: String) throws(ResultError) {
    try TextFile.makeFolder(folder)
    for file in files {
      try TextFile.replace(UserPath.joined(folder, file.name), with: file.text)
    }
  }
}
