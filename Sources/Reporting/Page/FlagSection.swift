import Gating
import Markup
import Results
import Studies

/// What each flag that some cell has means, and how many cells have it.
struct FlagSection {
  let page: StudyPage

  func html() -> HTML {
    var counts: [String: Int] = [:]
    for flags in page.flags.values {
      for flag in flags where flag.isRaised { counts[flag.id, default: 0] += 1 }
    }
    for flags in page.flags.values { for flag in flags { counts[flag.id, default: 0] += 0 } }
    let meanings = Dictionary(
      page.study.facts.flags.map { ($0.id, $0.text) }, uniquingKeysWith: { first, _ in first })
    let ran = page.cells.count { cell in
      page.grid[cell].contains { $0.status == .ok }
    }
    let rows = counts.sorted { $0.key < $1.key }.map { id, count -> HTML in
      .tag(
        "tr", ["id": page.flagAnchors[id]],
        .tag("th", ["scope": "row"], .foreign(id)),
        .tag("td", ["class": "number"], .text("\(count) of \(ran)")),
        .tag("td", [:], .text(page.markedFlags.contains(id) ? "!" : "")),
        .tag("td", [:], .text(meanings[id] ?? "")))
    }
    let text: HTML = .tag(
      "p", [:],
      """
      A flag says what a number does not. Each is decided from all seeds of a cell together; those \
      with a mark put it beside the figures that they are about.
      """)
    guard !rows.isEmpty else {
      return page.section("flags", "Reliability flags", [.tag("p", [:], "No cell has a flag.")])
    }
    return page.section(
      "flags", "Reliability flags",
      [
        text,
        .tag(
          "div", ["class": "scroll"],
          .tag(
            "table", ["class": "plain"],
            .tag(
              "thead", [:],
              .tag(
                "tr", [:],
                all: ["flag", "cells", "mark", "what it means"].map {
                  .tag("th", ["scope": "col"], .text($0))
                })), .tag("tbody", [:], all: rows))),
      ])
  }
}
