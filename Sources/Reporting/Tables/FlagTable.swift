import Gating
import Results
import Studies

/// The reliability flags of a study: what they mean, and which cells have them.
struct FlagTable {
  private let study: Study

  init(_ study: Study) { self.study = study }

  /// `nil` where no cell has a flag.
  func table() -> DataTable? {
    var members: [String: [(cell: CellID, flag: CellFlag)]] = [:]
    let finished = study.grid.cells.filter { study.grid[$0].contains { $0.status == .ok } }
    for cell in finished {
      for flag in study.flags(of: cell) where flag.isRaised {
        members[flag.id, default: []].append((cell, flag))
      }
    }
    guard !members.isEmpty else { return nil }
    let texts = Dictionary(study.facts.flags.map { ($0.id, $0.text) }) { first, _ in first }
    return DataTable(
      id: "flags", title: "Reliability flags",
      caption: StudyCaption(study).text([
        "What a reader has to know of a figure before believing it. Cells are those with a finished"
          + " trial; at most five are named."
      ]),
      columns: [
        .init("flag", "flag"), .init("meaning", "meaning"), .init("cells", "cells"),
        .init("of", "of"), .init("named", "such as"),
      ],
      rows: members.keys.sorted().map { id in
        let own = members[id] ?? []
        let names = own.prefix(5).map { CellLabel.text($0.cell, study.grid.namedAxes) }
        let all = own.count == finished.count && own.count > 1
        return DataTable.Row([
          .text(id), .text(texts[id] ?? ""), .integer(own.count), .integer(finished.count),
          .text(all ? "all cells" : names.joined(separator: "; ")),
        ])
      })
  }
}
