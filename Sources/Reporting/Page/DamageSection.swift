import Charts
import Markup

/// Scatter of stealth against damage.
struct DamageSection {
  let page: StudyPage

  /// `nil` where no cell has both.
  func html() -> HTML? {
    guard let figure = DamageFigure(page.study) else { return nil }
    return page.section(
      "damage", "Stealth against damage",
      [
        .tag("p", [:], .text(DamageFigure.caption)),
        .tag(
          "figure", ["class": "wide"],
          .markup(figure.chart().drawing().inline(id: page.id("damage-chart")))),
      ])
  }
}
