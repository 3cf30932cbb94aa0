import Markup
import Reporting
import Studies

extension BoardPage {
  /// The board under the attacks of a tier, or of all.
  func boardTable(_ tier: String?) -> PageTable {
    let table = board.table(tier: tier)
    let ranking = TableRanking(table)
    let places = Dictionary(
      table.columns.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    let order = board.ordered(tier)
    let rows = zip(order, table.rows).enumerated().map { line, pair in
      let (index, row) = (pair.0, pair.1)
      func cell(_ id: String) -> PageTable.Cell {
        guard let column = places[id] else { return PageTable.Cell("") }
        return PageTable.Cell(row.values[column], place: ranking[line, column])
      }
      /// A figure with the attack that causes it below.
      func figure(_ id: String, _ attack: String) -> PageTable.Cell {
        var cell = cell(id)
        if let place = places[attack], case .text(let name) = row.values[place], !name.isEmpty {
          cell.content.append(.tag("small", [:], .foreign(name, limit: 60)))
        }
        return cell
      }
      return pageRow(
        board.rows[index], index,
        [
          cell("rank"), PageTable.Cell(),
          Self.bounded(
            figure("worst_accuracy", "worst_attack"), "≤ ", board.gapText(index, tier)),
          cell("clean_accuracy"),
          Self.bounded(
            figure("worst_asr", "worst_asr_attack"), "≥ ",
            voidText(board.rows[index].worst(tier))),
          figure("half_life", "half_life_attack"), figure("detection_auc", "detection_attack"),
          cell("seconds"), cell("seeds"), PageTable.Cell(), PageTable.Cell(), PageTable.Cell(),
        ])
    }
    return PageTable(
      name: table.id, caption: table.caption,
      columns: Self.boardColumns, rows: rows, heading: 1)
  }

  /// A figure that what is missing could only change one way, with what that is.
  private static func bounded(
    _ cell: PageTable.Cell, _ sign: String, _ reason: String
  ) -> PageTable.Cell {
    guard !reason.isEmpty else { return cell }
    var cell = cell
    if cell.value?.isEmpty == false { cell.content.insert(.text(sign), at: 0) }
    cell.content.append(.tag("small", ["class": "gap"], .text(reason)))
    return cell
  }

  private func voidText(_ worst: WorstCase?) -> String {
    let count = worst?.void.count ?? 0
    return count == 0 ? "" : "void under \(counted(count, "attack"))"
  }

  static let boardColumns: [PageTable.Column] = [
    .init(
      "rank", "Rank", better: .lower, help: "by worst-case accuracy; equal where seeds cannot tell",
      isNumeric: true),
    .init(
      "name", "Defense", better: .lower,
      help: "as the entry calls it; leads to the entry, with its parameters"),
    .init(
      "worst_accuracy", "Worst-case accuracy", better: .higher,
      help: "at the end of the attack window, with the attack that leaves it; ± half of the 95 %"
        + " interval over seeds; ≤ where attacks have no figure", isNumeric: true),
    .init(
      "clean_accuracy", "Accuracy without attack", better: .higher,
      help: "at the same round of the same clients, none of which attacks", isNumeric: true),
    .init(
      "worst_asr", "Worst ASR", better: .lower,
      help:
        "attack success rate at the end of the window, with its attack; a dead model has none, so"
        + " with one it is a lower bound (≥)", isNumeric: true),
    .init(
      "half_life", "ASR half-life", better: .lower,
      help: "rounds after the attack until the success has halved, the longest", isNumeric: true),
    .init(
      "detection_auc", "Detection AUC", better: .higher,
      help: "area under the curve of the rule's suspicion, under the attack that hides best",
      isNumeric: true),
    .init(
      "seconds", "s / round", better: .lower, help: "seconds on the machine that ran it",
      isNumeric: true),
    .init("seeds", "Seeds", better: .higher, help: "how often each cell was run", isNumeric: true),
    .init(
      "flags", "Flags", better: .lower,
      help: "what makes figures less reliable in some cells; in how many, the entry says"),
    .init("status", "Status", better: .lower, help: "what is known about the entry"),
    .init("paper", "Paper", better: .lower, help: "where the defense is described"),
  ]

  /// What the columns say and the words in them mean, below the tables: nobody has to hover.
  var columnLegend: HTML {
    func list(_ items: [(String, String)]) -> HTML {
      .tag(
        "dl", [:],
        all: items.flatMap { [.tag("dt", [:], .text($0.0)), .tag("dd", [:], .text($0.1))] })
    }
    return .tag(
      "div", ["id": "columns", "class": "columns"], .tag("h3", [:], "What the columns say"),
      list(Self.boardColumns.map { ($0.title, $0.help ?? "") }),
      .tag("h3", [:], "In place of a figure"), list(Board.words.map { ($0.word, $0.meaning) }),
      .tag(
        "p", [:],
        .text(
          "Bold is the best of a column among rows of one setting, underlined the second. Why a figure"
            + " is missing stands in the entry, attack by attack.")))
  }

  private func pageRow(
    _ row: BoardRow, _ index: Int, _ cells: [PageTable.Cell]
  ) -> PageTable.Row {
    var cells = cells
    cells[1] = PageTable.Cell(
      .tag("a", ["href": "#entry-\(index)"], .foreign(row.entry.name, limit: 60)),
      board.settings.count > 1
        ? .tag(
          "small", [:],
          .foreign(
            "\(row.setting.dataset), \(row.setting.fraction) malicious, \(row.setting.partition)"))
        : .group([]),
      value: row.entry.name)
    cells[9] = PageTable.Cell(
      .group(
        row.flags.map { flag in
          .group([
            .tag(
              "span",
              ["class": "tag"], .foreign(flag.id, limit: 60)), " ",
          ])
        }), value: row.flags.map(\.id).joined(separator: " "), classes: ["flags"])
    cells[10] = PageTable.Cell(
      .tag("span", ["class": "tag " + Self.statusClass(row.status)], .text(row.status.rawValue)),
      row.entry.isPreliminary
        ? .group([" ", .tag("span", ["class": "tag preliminary"], "preliminary")]) : .group([]),
      value: row.status.rawValue)
    cells[11] = PageTable.Cell(
      .foreign(row.entry.paper, limit: 44), value: row.entry.paper, classes: ["paper"])
    return PageTable.Row(
      cells,
      keys: [
        "status": row.status.rawValue, "oracle": row.knowsCount ? "yes" : "no",
        "recomputed": row.status == .recomputed ? "yes" : "no",
        "preliminary": row.entry.isPreliminary ? "yes" : "no", "dataset": row.setting.dataset,
        "fraction": row.setting.fraction, "partition": row.setting.partition,
        "knowledge": row.setting.knowledge, "setting": String(row.setting.digest.prefix(12)),
      ])
  }

  static func statusClass(_ status: EntryStatus) -> String {
    switch status {
    case .recomputed: "good"
    case .checked: ""
    case .selfReported: "warn"
    case .disputed: "bad"
    }
  }

  /// What each attack leaves.
  var attackTable: PageTable {
    let table = board.attackTable
    let hasSettings = board.settings.count > 1
    let rows = table.rows.map { row in
      let cells = row.values.map { PageTable.Cell($0) }
      return PageTable.Row(hasSettings ? cells : Array(cells.dropLast()))
    }
    let sorted: [String: Score.Direction] = [
      "rank": .lower, "attack": .lower, "tier": .lower, "best_defense": .lower,
      "worst_defense": .lower, "least_asr_defense": .lower, "best_accuracy": .lower,
      "worst_accuracy": .lower,
      "least_asr": .higher, "hurt": .higher, "entries": .higher,
    ]
    let columns = table.columns.map { column in
      PageTable.Column(
        column.id, column.title, better: sorted[column.id],
        isNumeric: ["rank", "best_accuracy", "worst_accuracy", "least_asr", "hurt", "entries"]
          .contains(
            column.id))
    }
    return PageTable(
      name: table.id, caption: table.caption,
      columns: hasSettings ? columns : Array(columns.dropLast()), rows: rows, heading: 1)
  }
}
