import Charts
import Markup
import Studies

/// Curves over the rounds, attack by attack, with one line per defense.
struct CurveSection {
  let page: StudyPage

  /// `nil` for a study without curves, or with more defenses than can be told apart.
  func html() -> HTML? {
    let found = page.grid.rows.enumerated().compactMap { index, row -> HTML? in
      guard let curves = AttackCurves(page.study, row, window: page.windows[row.axes]) else {
        return nil
      }
      let panels = curves.panels().enumerated().map { place, panel -> HTML in
        let id = page.id("attack-curves-\(index + 1)-\(place + 1)")
        return .tag("figure", [:], .markup(panel.inline(id: id)))
      }
      return .tag(
        "details", ["open": index < 2 ? "" : nil],
        .tag("summary", [:], .foreign(curves.title)),
        .tag("div", ["class": "figures"], all: panels))
    }
    guard !found.isEmpty else {
      // Curves that nobody could tell apart are drawn cell by cell.
      guard !page.study.curves.curves.isEmpty else { return nil }
      return page.section(
        "curves", "Over the rounds",
        [
          .tag(
            "p", [:],
            .text(
              "More than \(AttackCurves.mostDefenses) defenses cannot be told apart in one drawing; "
                + "each cell below has its own, and --only 'defense=…' picks some."))
        ])
    }
    return page.section(
      "curves", "Over the rounds",
      [
        .tag(
          "p", [:],
          """
          Means over the seeds after each round, one line per defense; the attack window is shaded. \
          What happens after it is what persists.
          """)
      ] + found)
  }
}
