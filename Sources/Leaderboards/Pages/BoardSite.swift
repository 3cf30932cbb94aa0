public import Reporting
import Studies

/// The files of a board: the page, and its tables for programs and papers.
public struct BoardSite: Sendable {
  /// What the folder of a site says that it is.
  public static let schema = "gauntlet/board/1"

  /// The page last.
  public let files: [OutputFolder.File]

  public init(_ board: Board, title: String = "Gauntlet leaderboard", tool: String) {
    var files: [OutputFolder.File] = []
    for tier in [nil] + board.tiers.map(\.id) {
      let table = board.table(tier: tier)
      let narrow = board.narrowTable(tier: tier)
      // Ids of tiers are the catalog's, and letters and dashes.
      files += [
        .init("\(table.id).csv", table.csv), .init("\(table.id).json", table.json),
        .init("\(table.id).md", narrow.markdown), .init("\(table.id).tex", narrow.latex),
      ]
    }
    let attacks = board.attackTable
    files += [
      .init("attacks.csv", attacks.csv), .init("attacks.json", attacks.json),
      .init("attacks.md", attacks.markdown), .init("attacks.tex", attacks.latex),
    ]
    files.append(.init("index.html", BoardPage(board, title: title, tool: tool).html))
    self.files = files
  }
}
