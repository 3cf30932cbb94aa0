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
      "details", [:],
      .tag(
        "summary", [:], .foreign(row.entry.name), " ",
        .tag("small", [:], .text(row.status.rawValue))),
      .tag("div", ["id": "entry-\(index)"], facts(row), attackTable(row, index)))
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
          .tag("code", [:], .text(row.trialsSHA256)),
        ])
      ),
      ("status", .text("\(row.status.rawValue): \(row.status.meaning)")),
    ]
    for item in entry.recomputed {
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
    for worst in row.worst where !worst.missing.isEmpty && worst.tier == nil {
      items.append(
        ("without a figure", .foreign(worst.missing.joined(separator: ", "), limit: 1_000)))
    }
    return .group([
      .tag(
        "dl", [:], all: items.flatMap { [.tag("dt", [:], .text($0.0)), .tag("dd", [:], $0.1)] }),
      .tag("pre", ["tabindex": "0"], .foreign(PrettyJSON.text(row.defense), limit: .max)),
    ])
  }

  private func attackTable(_ row: BoardRow, _ index: Int) -> HTML {
    let rows = row.attacks.map { figures in
      var accuracy = PageTable.Cell(Board.value(figures.accuracy))
      if !figures.reason.isEmpty { accuracy.help = figures.reason }
      return PageTable.Row([
        PageTable.Cell(
          .foreign(
            figures.variant.isEmpty ? figures.attack : "\(figures.attack) \(figures.variant)")),
        accuracy, PageTable.Cell(Board.value(figures.success)),
        PageTable.Cell(.foreign(figures.flags.joined(separator: ", "))),
      ])
    }
    return PageTable(
      name: "entry-\(index)", caption: "Under each attack, at the end of its window",
      columns: [
        .init("attack", "Attack"), .init("accuracy", "Accuracy", isNumeric: true),
        .init("asr", "ASR", isNumeric: true), .init("flags", "Flags"),
      ], rows: rows
    ).html
  }
}
