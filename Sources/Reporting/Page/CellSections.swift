import Charts
import Gating
import Markup
import Results
import Studies

/// One section per cell: its figures over the seeds, curves over the rounds, detectors and flags.
struct CellSections: Sendable {
  let page: StudyPage

  private let scores: [Score]
  /// The only cell whose drawings have legends; `nil` where all have.
  private let legendCell: CellID?

  init(page: StudyPage) {
    self.page = page
    scores = Self.scores(page.study)
    legendCell =
      page.cells.count > Self.mostLegends
      ? page.cells.first { !Self.charts($0, page).isEmpty } : nil
  }

  private var study: Study { page.study }

  func html() -> HTML {
    page.section(
      "cells", "Every cell",
      [
        .tag(
          "p", [:],
          """
          Lines are means over the seeds, bands reach from the lowest to the highest seed, the attack \
          window is shaded, dashed lines are the clean twin: the same run without the attack.
          """),
        detectors,
        legendCell == nil ? .group([]) : .tag("p", [:], .text(Self.legendNote)),
      ] + sections)
  }

  /// How the detectors' curves are to be read, or why there are none.
  private var detectors: HTML {
    let attacked = page.cells.flatMap { cell in
      study.references.clean.contains(cell.attack)
        ? [] : page.grid[cell].filter { $0.status == .ok }
    }
    guard !attacked.contains(where: { !$0.roc.isEmpty }) else {
      return .tag(
        "p", [:],
        """
        Detectors are shown by the share of attackers that they find (true positives) at each share \
        of honest clients that they accuse (false positives), as means over the window's rounds and \
        the seeds; the diagonal is guessing. A reference detector may take low or high scores for \
        suspicious, whichever tells more, so that it lies above guessing by chance too; the rule's \
        own suspicion is taken as it is.
        """)
    }
    let reason =
      if attacked.isEmpty {
        "no trial under attack came to its end"
      } else if let absent = attacked.lazy.compactMap({ $0.absent[Self.detectability] }).first {
        absent
      } else {
        "the trials do not hold them: Gauntlet before 0.6 did not record them, and entries of a"
          + " leaderboard leave them out"
      }
    return .tag(
      "p", [:],
      .foreign(
        "No receiver operating characteristics (ROC) of detectors are drawn: \(reason).",
        limit: 1000))
  }

  private static let detectability = "stealth.detectability"

  /// By far the largest part of a page, so its markup is made side by side.
  private var sections: [HTML] {
    let step = 64
    let groups = stride(from: 0, to: page.cells.count, by: step).map {
      Array(page.cells[$0..<min($0 + step, page.cells.count)])
    }
    return Concurrently.map(groups) { cells in
      HTML.markup(cells.map { section($0).markup }.joined())
    }
  }

  private func section(_ cell: CellID) -> HTML {
    let anchor = page.anchors[cell] ?? ""
    var content: [HTML] = [
      .tag("h3", ["id": anchor + "_title"], .foreign(CellLabel.text(cell, page.grid.namedAxes)))
    ]
    let trials = page.grid[cell]
    if let reason = reason(trials) { content.append(.tag("p", [:], .foreign(reason, limit: 2000))) }
    if trials.contains(where: { $0.status == .ok }) {
      content.append(
        .tag("div", ["class": "beside"], all: drawings(cell, anchor) + [numbers(cell)]))
    }
    content += flags(cell)
    return .tag(
      "section", ["id": anchor, "class": "cell", "aria-labelledby": anchor + "_title"], all: content
    )
  }

  /// Why some trials of the cell have no numbers.
  private func reason(_ trials: [TrialRecordV1]) -> String? {
    if trials.isEmpty { return "Not run." }
    let reasons = trials.compactMap { trial -> String? in
      switch trial.status {
      case .ok: nil
      case .error: "Seed \(trial.seed) failed: \(trial.message ?? "no reason given")."
      case .timeout: "Seed \(trial.seed) timed out."
      case .notApplicable: "Not applicable: \(trial.message ?? "no reason given")."
      }
    }
    guard !reasons.isEmpty else { return nil }
    var seen: Set<String> = []
    return reasons.filter { seen.insert($0).inserted }.prefix(5).joined(separator: " ")
  }

  /// Where there are more cells than this, their drawings share the legend of the first.
  static let mostLegends = 400

  private static let legendNote =
    "With so many cells the legends of the drawings stand in the first one alone."

  private func drawings(_ cell: CellID, _ anchor: String) -> [HTML] {
    Self.charts(cell, page).map { name, chart in
      var chart = chart
      chart.hasLegend = legendCell.map { $0 == cell } ?? true
      return figure(chart.drawing(), id: "\(anchor)_\(name)")
    }
  }

  private static func charts(
    _ cell: CellID, _ page: StudyPage
  ) -> [(name: String, chart: LineChart)] {
    let curves = CellCurves(page.study, cell, window: page.windows[cell.axes])?
      .chart(size: .medium, title: "Accuracy and attack success by round")
    // Without an attack there is nobody to tell.
    let isAttacked = !page.study.references.clean.contains(cell.attack)
    let roc = (isAttacked ? ROCFigure(page.study, cell) : nil)?
      .chart(size: .small, title: "Detectors: true against false positives")
    return [("curves", curves), ("roc", roc)].compactMap { name, chart in
      chart.map { (name, $0) }
    }
  }

  private func figure(_ drawing: Drawing, id: String) -> HTML {
    .tag("figure", [:], .markup(drawing.inline(id: id)))
  }

  private func numbers(_ cell: CellID) -> HTML {
    // One seed has neither an interval nor a worst one.
    let seeds = page.grid[cell].filter { $0.status == .ok }.map(\.seed)
    let isSingle = seeds.count < 2
    let titles = ["score", "mean", "95 % interval", "sd", "worst seed", "seeds"]
    let head: [HTML] = (isSingle ? ["score", "seed \(seeds.first ?? 0)"] : titles).map {
      .tag("th", ["scope": "col"], .text($0))
    }
    let rows = scores.compactMap { score -> HTML? in
      let summary = page.summary(cell, score.metric)
      guard summary.outcome != .absent else { return nil }
      let text = CellText(summary, decimals: score.decimals, isFlagged: false)
      let mean: [HTML] = [
        .tag(
          "th", ["scope": "row", "title": page.study.facts.metric(score.metric)?.definition],
          .text(score.metric)),
        .tag(
          "td", [:], .text(text.value + text.mark),
          page.flagSign(page.marks(cell, score.metric))),
      ]
      if isSingle { return .tag("tr", [:], all: mean) }
      let interval = summary.interval.map {
        "\(FixedPoint.text($0.lowerBound, score.decimals)) to "
          + FixedPoint.text($0.upperBound, score.decimals)
      }
      var deviation: Double?
      if case .value(_, let spread, _, _) = summary.outcome { deviation = spread }
      let worst = summary.worst(score.better).map {
        "\(FixedPoint.text($0.value, score.decimals)) (seed \($0.seed))"
      }
      return .tag(
        "tr", [:],
        all: mean
          + [
            interval ?? "–", deviation.map { FixedPoint.text($0, score.decimals) } ?? "–",
            worst ?? "–", "\(summary.values.count)",
          ].map { .tag("td", [:], .text($0)) })
    }
    guard !rows.isEmpty else { return .group([]) }
    return .tag(
      "div", ["class": "scroll"],
      .tag(
        "table", ["class": "plain figures"], .tag("thead", [:], .tag("tr", [:], all: head)),
        .tag("tbody", [:], all: rows)))
  }

  /// The scores of the maps with the figures beside them, and others that the catalog gates.
  static func scores(_ study: Study) -> [Score] {
    let shown = Score.shown.flatMap { score in
      [score]
        + (score.companion.map {
          let better = study.facts.metric($0.metric)?.better ?? .none
          return [Score(metric: $0.metric, title: $0.meaning, better: better)]
        } ?? [])
    }
    let known = Set(shown.map(\.metric))
    return shown
      + study.facts.metrics.filter { $0.tolerance != nil && !known.contains($0.id) }.map {
        Score(metric: $0.id, title: $0.definition, better: $0.better)
      }
  }

  private func flags(_ cell: CellID) -> [HTML] {
    let flags = page.flags[cell] ?? []
    guard !flags.isEmpty else { return [] }
    return [
      .tag(
        "ul", ["class": "flags"],
        all: flags.map { flag in
          let detail = [flag.detail, flag.share].filter { !$0.isEmpty }.joined(separator: ", ")
          return .tag(
            "li", [:],
            .tag("a", ["href": page.flagAnchors[flag.id].map { "#" + $0 }], .foreign(flag.id)),
            .foreign(detail.isEmpty ? "" : ": \(detail)"))
        })
    ]
  }
}
