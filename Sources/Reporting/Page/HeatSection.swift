import Gating
import Markup
import Results
import Studies

/// The heat maps of a study: accuracy beside attack success in one map, then one map per score.
struct HeatSection {
  let page: StudyPage

  private var grid: TrialGrid { page.grid }

  func html() -> HTML {
    var content: [HTML] = [
      .tag(
        "p", [:],
        """
        Each cell has the accuracy above and the attack success rate (ASR) below, both at the end of \
        the attack window, as means over the seeds: a model that answers nothing right is seen to be \
        dead, and does not pass for a defended one. Where it is dead, the ASR is void. Colors are \
        the same for the same value everywhere; ! marks a figure with a reliability flag. Cells \
        lead to their details.
        """),
      Self.legend,
    ]
    if let accuracy = Score.shown.first(where: { $0.metric == "accuracy.stop" }),
      let success = Score.shown.first(where: { $0.metric == "asr.stop" }), isThere(accuracy)
    {
      content.append(
        map(
          "accuracy-asr", "Accuracy (above) and attack success rate (below), end of the window",
          [accuracy, success]))
    }
    for score in Score.shown where score.metric != "accuracy.stop" && score.metric != "asr.stop" {
      guard isThere(score) else { continue }
      let beside = score.companion.map { "; below it \($0.label), the \($0.meaning)" } ?? ""
      content.append(map(score.metric, Self.capitalized(score.title) + beside, [score]))
    }
    if content.count == 2 {
      content.append(.tag("p", [:], "No cell has a figure at the end of an attack window."))
    }
    return page.section("maps", "Attacks against defenses", content)
  }

  private static let legend = HTML.tag(
    "p", ["class": "scale", "aria-hidden": "true"],
    .text("good for the defender "),
    .tag(
      "span", ["class": "swatches"],
      all: (0...10).map { .tag("span", ["class": "c-h\($0) swatch"], " ") }),
    .text(" bad"))

  private static func capitalized(_ title: String) -> String {
    title.prefix(1).uppercased() + title.dropFirst()
  }

  private func isThere(_ score: Score) -> Bool {
    page.cells.contains { page.summary($0, score.metric).mean != nil }
  }

  private func map(_ id: String, _ caption: String, _ scores: [Score]) -> HTML {
    let present = Set(
      page.cells.filter { cell in
        scores.contains { page.summary(cell, $0.metric).outcome != .absent }
      }.map(\.defense))
    let defenses = grid.defenses.filter(present.contains)
    let head = HTML.tag(
      "thead", [:],
      .tag(
        "tr", [:],
        all: [.tag("th", ["scope": "col"], "attack")]
          + grid.namedAxes.map {
            .tag(
              "th", ["scope": "col", "title": Printable.excerpt($0.key)], .foreign($0.name))
          }
          + defenses.map { .tag("th", ["scope": "col"], .foreign($0)) }))
    let rows = grid.rows.map { row -> HTML in
      let isReference = page.study.references.clean.contains(row.attack)
      return .tag(
        "tr", ["class": isReference ? "reference" : nil],
        all: [
          .tag(
            "th", ["scope": "row"], .foreign(row.attack),
            isReference ? .tag("small", [:], " reference") : .group([]))
        ] + grid.axisKeys.map { .tag("td", ["class": "axis"], .foreign(row.axes[$0] ?? "")) }
          + fields(row, defenses, scores))
    }
    return .tag(
      "div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": caption],
      .tag(
        "table", ["class": "heat", "id": page.id("map-" + CellAnchors.slug(id))],
        .tag("caption", [:], .text(caption)), head, .tag("tbody", [:], all: rows)))
  }

  private func fields(
    _ row: TrialGrid.Row, _ defenses: [String], _ scores: [Score]
  ) -> [HTML] {
    let present = Set(grid.cells(of: row))
    return defenses.map { defense in
      let cell = CellID(attack: row.attack, defense: defense, axes: row.axes)
      guard present.contains(cell), let anchor = page.anchors[cell] else {
        return .tag("td", ["class": "none"])
      }
      let figures = scores.flatMap { score in
        [figure(cell, score)] + (score.companion.flatMap { companion(cell, $0) } ?? [])
      }
      return .tag("td", [:], .tag("a", ["href": "#" + anchor], all: figures))
    }
  }

  /// The figure without which a score would mislead, below it and without a color of its own.
  private func companion(_ cell: CellID, _ companion: Score.Companion) -> [HTML]? {
    page.summary(cell, companion.metric).mean.map {
      [
        .tag(
          "span", ["class": "beside", "title": companion.meaning],
          .text("\(companion.label) \(FixedPoint.spread($0, 2))"))
      ]
    }
  }

  private func figure(_ cell: CellID, _ score: Score) -> HTML {
    let summary = page.summary(cell, score.metric)
    let text = CellText(summary, decimals: score.decimals, isFlagged: false)
    let step = summary.mean.flatMap { HeatMapFigure.badness($0, score) }
      .map { Int(($0 * 10).rounded()) }
    return .tag(
      "span",
      [
        "class": step.map { "c-h\($0)" } ?? "word",
        "title": text.spread.isEmpty ? nil : "\(text.spread), half of the 95 % interval",
      ],
      .text(text.value + text.mark), page.flagSign(page.marks(cell, score.metric)))
  }
}
