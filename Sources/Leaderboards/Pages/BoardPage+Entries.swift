import Markup
import Reporting
import Results
import Studies

extension BoardPage {
  /// Each row in full.
  var entries: HTML {
    .tag(
      "section", ["id": "entries"], .tag("h2", [:], "Entries"),
      .tag("p", [:], "Who sent it in, what it commits to, and how it stands each attack."),
      .group(board.rows.enumerated().map { entry($1, $0) }))
  }

  private func entry(_ row: BoardRow, _ index: Int) -> HTML {
    .tag(
      "details", ["id": "entry-\(index)"],
      .tag(
        "summary", [:], .foreign(row.entry.name), " ",
        .tag("small", [:], .text(row.status.rawValue))),
      facts(row), attackTable(row, index))
  }

  private func facts(_ row: BoardRow) -> HTML {
    let entry = row.entry
    var items: [(String, HTML)] = [
      ("paper", .foreign(entry.paper, limit: 600)),
      ("submitted by", .foreign(entry.submitter)), ("licence", .foreign(entry.licence)),
      ("version", .foreign(entry.version)),
      (
        "defense",
        .foreign(
          row.parts.isEmpty ? entry.defense : row.parts.joined(separator: " + "), limit: 1_000)
      ),
      ("id", .tag("code", [:], .foreign(entry.defense))),
      ("content", .tag("code", [:], .text(row.contentHash))),
      (
        "setting",
        .tag(
          "a", ["href": "#setting-\(row.setting.digest.prefix(12))"],
          .text(String(row.setting.digest.prefix(12))))
      ),
      ("seeds", .foreign(row.seeds.map(String.init).joined(separator: ", "))),
      (
        "results",
        .group([
          .foreign("\(row.tool), engine \(row.engine), trials.jsonl "),
          .tag("code", [:], .text(row.trialsSHA256)), ", with entry.yaml ",
          .tag("code", [:], .text(row.entrySHA256)),
        ])
      ),
      ("status", .text("\(row.status.rawValue): \(row.status.meaning)")),
    ]
    for item in row.records {
      items.append(
        (
          "recomputed",
          .foreign(
            "\(item.date) with \(item.tool), engine \(item.engine): \(item.agreed) of "
              + "\(item.sampled) trials agreed to the bit, drawn from \(item.total) by seed \(item.seed)"
          )
        ))
    }
    if !row.flags.isEmpty {
      let texts = row.flags.map { "\($0.id) (\($0.count) of \(counted(row.cellCount, "cell")))" }
      items.append(("flags", .foreign(texts.joined(separator: ", "), limit: 1_000)))
    }
    if let note = entry.note { items.append(("note", .foreign(note, limit: 2_000))) }
    for link in entry.links {
      items.append(
        ("link", .tag("a", ["href": link, "rel": "noreferrer nofollow"], .foreign(link))))
    }
    for gap in row.worst(nil)?.gaps ?? [] {
      items.append(("without a figure", .foreign("\(gap.cell.attack): \(gap.reason)")))
    }
    return .group([
      .tag(
        "dl", [:], all: items.flatMap { [.tag("dt", [:], .text($0.0)), .tag("dd", [:], $0.1)] }),
      .tag("pre", ["tabindex": "0"], .foreign(PrettyJSON.text(row.defense), limit: .max)),
    ])
  }

  private func attackTable(_ row: BoardRow, _ index: Int) -> HTML {
    let reasons = row.attacks.map(Self.reason)
    let hasReasons = reasons.contains { !$0.isEmpty }
    let rows = zip(row.attacks, reasons).map { figures, reason in
      PageTable.Row(
        [
          PageTable.Cell(
            .foreign(
              figures.variant.isEmpty ? figures.attack : "\(figures.attack) \(figures.variant)")),
          PageTable.Cell(Board.value(figures.accuracy)),
          PageTable.Cell(Board.value(figures.success)),
          PageTable.Cell(.foreign(figures.flags.joined(separator: ", "))),
        ] + (hasReasons ? [PageTable.Cell(.foreign(reason))] : []))
    }
    return PageTable(
      name: "entry-\(index)", caption: "Under each attack, at the end of its window",
      columns: [
        .init("attack", "Attack"), .init("accuracy", "Accuracy", isNumeric: true),
        .init("asr", "ASR", isNumeric: true), .init("flags", "Flags"),
      ] + (hasReasons ? [.init("reason", "Why a figure is missing")] : []), rows: rows
    ).html
  }

  /// Why an attack has no accuracy or no ASR; empty where it has both.
  private static func reason(_ figures: BoardRow.AttackFigures) -> String {
    if !figures.reason.isEmpty { return figures.reason }
    guard case .missing(_, let reason) = Board.value(figures.success) else { return "" }
    return "ASR: \(reason)"
  }
}
