import Markup
import Reporting
import Studies

/// The board as one page that holds all of its parts.
public struct BoardPage: Sendable {
  let board: Board
  let title: String
  let tool: String

  /// - Parameters:
  ///   - board: What to show.
  ///   - title: The heading.
  ///   - tool: The program and version that makes it.
  public init(_ board: Board, title: String = "Gauntlet leaderboard", tool: String) {
    self.board = board
    self.title = title
    self.tool = tool
  }

  /// The text of `index.html`.
  public var html: String {
    PageFrame.document(
      title: title, style: [PageStyle.common, Self.style],
      script: [PageScript.tables, BoardScript.links],
      body: [
        .tag("a", ["class": "skip", "href": "#main"], "Skip to the tables"),
        .tag("header", [:], .tag("h1", [:], .foreign(title)), introduction),
        .tag(
          "main", ["id": "main"],
          all: [boards, attacks, entries, settings, legend, refused].compactMap(\.self)),
        .tag("footer", [:], .tag("p", ["class": "muted"], .text("Made by \(tool)."))),
      ])
  }

  private static let style = """
    .tag.preliminary{border-style:dashed}
    .gap{color:var(--warn)}
    #board td.number small{white-space:normal;overflow-wrap:anywhere;max-width:11rem;margin-left:auto}
    .at>summary,summary.at{background:var(--soft)}
    ul.files{margin:.3rem 0;padding-left:1.2rem}
    .skip{position:absolute;left:-99rem}
    .skip:focus{left:1rem;top:.5rem;background:var(--page);padding:.3rem .6rem;z-index:3}
    #board th,#board td{padding:.3rem .4rem}
    td.flags{min-width:12rem}
    td.paper{min-width:8rem;max-width:12rem;font-size:.82em}
    footer{margin-top:3rem;border-top:1px solid var(--line)}
    """

  private var introduction: HTML {
    let count = board.rows.count
    let shown =
      "\(counted(count, "defense")) against \(counted(board.attacks.count, "attack"))"
      + (board.settings.count > 1 ? " in \(board.settings.count) settings" : "")
    let preliminary = board.rows.count { $0.entry.isPreliminary }
    return .group([
      .tag("p", [:], .text(shown + ". " + Board.sortKey)),
      preliminary == 0
        ? .group([])
        : .tag(
          "p", ["class": "note"],
          .tag("strong", [:], "Preliminary: "),
          .text(
            "\(preliminary == count ? "all rows" : counted(preliminary, "row")) "
              + "rest on fewer than \(EntryRule.leastSeeds) seeds. The order is where the figures lie, "
              + "and says little about neighbors.")),
      files,
    ])
  }

  /// Links to the files beside the page.
  private var files: HTML {
    let tiers = board.tiers.map { ("attackers up to \($0.id)", "leaderboard-\($0.id)") }
    let tables = [("all attacks", "leaderboard")] + tiers + [("attacks ranked", "attacks")]
    return .tag(
      "details", ["class": "muted"], .tag("summary", [:], "The same in files beside this page"),
      .tag(
        "ul", ["class": "files"],
        all: tables.map { title, name in
          .tag(
            "li", [:], .text(title + ": "),
            .group(
              ["csv", "json", "md", "tex"].enumerated().map { index, kind in
                .group([
                  index > 0 ? ", " : "",
                  .tag("a", ["href": "\(name).\(kind)"], .text("\(name).\(kind)")),
                ])
              }))
        }))
  }

  private var boards: HTML {
    let views: [String?] = [nil] + board.tiers.map(\.id)
    return .tag(
      "section", ["id": "board", "data-tables": ""],
      .tag("h2", [:], "Defenses"), form(views),
      .group(
        views.map { tier in
          let id = Self.panel(tier)
          return .tag(
            "section",
            [
              "class": "panel", "id": id, "aria-labelledby": "\(id)-title",
              "aria-describedby": "columns",
            ], .tag("h3", ["id": "\(id)-title"], .foreign(board.title(of: tier))),
            boardTable(tier).html)
        }), columnLegend)
  }

  static func panel(_ tier: String?) -> String { tier.map { "board-\($0)" } ?? "board-all" }

  private func form(_ views: [String?]) -> HTML {
    func label(_ text: String, _ control: HTML) -> HTML { .tag("label", [:], .text(text), control) }
    func select(_ title: String, _ key: String, _ values: [String]) -> HTML? {
      guard values.count > 1 else { return nil }
      let options = values.map { HTML.tag("option", ["value": $0], .foreign($0, limit: 60)) }
      return label(
        title,
        .tag(
          "select", ["name": key, "data-key": key],
          all: [.tag("option", ["value": ""], "any")] + options))
    }
    func check(_ title: String, _ name: String, _ key: String, _ value: String) -> HTML {
      .tag(
        "label", [:],
        .tag("input", ["type": "checkbox", "name": name, "data-key": key, "value": value]),
        .text(title))
    }
    func values(_ value: (BoardRow) -> String) -> [String] { Set(board.rows.map(value)).sorted() }
    let controls: [HTML?] = [
      label(
        "Search",
        .tag(
          "input", ["type": "search", "name": "q", "placeholder": "defense, attack, flag, paper"])),
      views.count > 1
        ? label(
          "Attackers",
          .tag(
            "select", ["name": "tier", "data-panels": ""],
            all: views.map { tier in
              .tag(
                "option", ["value": Self.panel(tier)],
                .text(tier.map { "up to \($0)" } ?? "all attacks"))
            })) : nil,
      select("Status", "status", values { $0.status.rawValue }),
      select("Data set", "dataset", values { $0.setting.dataset }),
      select("Malicious share", "fraction", values { $0.setting.fraction }),
      select("Partition", "partition", values { $0.setting.partition }),
      select("Knowledge", "knowledge", values { $0.setting.knowledge }),
      select("Setting", "setting", board.settings.map { String($0.digest.prefix(12)) }),
      check(
        "not told the true number of attackers (without oracle-f)", "no-oracle", "oracle", "no"),
      check("recomputed only", "recomputed", "recomputed", "yes"),
      board.rows.contains { $0.entry.isPreliminary }
        ? check("without preliminary", "final", "preliminary", "no") : nil,
    ]
    return .tag(
      "form", ["class": "filters", "hidden": ""],
      all: controls.compactMap(\.self)
        + [.tag("p", ["class": "muted", "data-count": "", "role": "status"])])
  }

  private var attacks: HTML {
    .tag(
      "section", ["id": "attacks", "data-tables": ""], .tag("h2", [:], "Attacks"),
      .tag(
        "form", ["class": "filters", "hidden": ""],
        .tag("label", [:], "Search", .tag("input", ["type": "search", "name": "q"])),
        .tag("p", ["class": "muted", "data-count": "", "role": "status"])),
      attackTable.html)
  }

  private var settings: HTML? {
    guard !board.settings.isEmpty else { return nil }
    return .tag(
      "section", ["id": "settings"], .tag("h2", [:], "Settings"),
      .group(
        board.settings.map { setting in
          .tag(
            "details", [:],
            .tag(
              "summary", ["id": "setting-\(setting.digest.prefix(12))"],
              .foreign(
                "\(setting.digest.prefix(12)): \(setting.dataset), \(setting.clients) clients, "
                  + "\(setting.fraction) of them malicious, \(setting.partition), "
                  + "\(setting.rounds) rounds")),
            .tag(
              "p", [:], "The resolved scenario without its defenses; SHA-256 ",
              .tag("code", [:], .text(setting.digest)), "."),
            .tag("pre", ["tabindex": "0"], .foreign(PrettyJSON.text(setting.json), limit: .max)))
        }))
  }

  private var legend: HTML {
    let known = Dictionary(
      board.facts.flags.map { ($0.id, $0.text) }, uniquingKeysWith: { first, _ in first })
    let used = Set(board.rows.flatMap { $0.flags.map(\.id) }).sorted()
    func list(_ items: [(String, String)]) -> HTML {
      .tag(
        "dl", [:],
        all: items.flatMap {
          [.tag("dt", [:], .foreign($0.0)), .tag("dd", [:], .foreign($0.1, limit: 600))]
        })
    }
    return .tag(
      "section", ["id": "legend"], .tag("h2", [:], "What the words mean"),
      .tag("h3", [:], "Status"),
      list(EntryStatus.allCases.reversed().map { ($0.rawValue, $0.meaning) }),
      .tag("h3", [:], "Flags"), list(used.map { ($0, known[$0] ?? "no word of the catalog") }),
      .tag("h3", [:], "Attackers"), list(board.tiers.map { ($0.id, $0.text) }),
      .tag(
        "p", [:],
        .text(
          "A tier takes in the weaker ones above it. An asterisk behind a figure: some seeds have none."
            + " ‘≥’ before a half-life: a lower bound, since the run ended before."
        )),
      .tag("h3", [:], .text("Rules of entries (\(EntryRule.version))")),
      list(EntryRule.all.map { ($0.id, $0.text) }))
  }

  private var refused: HTML? {
    guard !board.refused.isEmpty else { return nil }
    return .tag(
      "section", ["id": "refused"], .tag("h2", [:], "Not on the board"),
      .tag(
        "p", [:],
        .text("\(counted(board.refused.count, "entry", "entries")) did not keep the rules.")),
      .group(
        board.refused.map { item in
          .tag(
            "details", [:], .tag("summary", [:], .foreign(item.folder)),
            .tag(
              "ul", [:],
              all: item.findings.map { .tag("li", [:], .foreign($0.text, limit: 600)) }))
        }))
  }
}

/// Such as `1 row` or `3 rows`.
func counted(_ count: Int, _ word: String, _ plural: String? = nil) -> String {
  "\(count) \(count == 1 ? word : plural ?? word + "s")"
}
