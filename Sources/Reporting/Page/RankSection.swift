import Charts
import Markup
import Studies

/// Ranks of defenses over attacks as a critical-difference diagram, with its test.
struct RankSection {
  let page: StudyPage

  /// `nil` for a study with one defense or without an attack.
  func html() -> HTML? {
    guard page.grid.defenses.count > 1, !page.study.attacks.isEmpty else { return nil }
    let found = StudyFigures.comparedMetrics(page.study).map { ($0, page.study.ranks(by: $0)) }
    var content: [HTML] = [
      .tag(
        "p", [:],
        """
        Under each attack the defenses are ranked by their mean over the seeds; the diagram shows \
        the mean of these ranks, and bars join what the test does not tell apart. A rank forgets by \
        how much, and a mean rank says nothing of the worst case.
        """)
    ]
    for (metric, result) in found {
      switch result {
      case .success(let ranks):
        let figure = RankFigure(ranks)
        content.append(
          .tag(
            "figure", ["class": "wide"],
            .markup(
              figure.chart().drawing().inline(
                id: page.id("ranks-") + CellAnchors.slug(metric))),
            .tag("figcaption", [:], .text(figure.caption))))
      case .failure(let unranked):
        content.append(.tag("p", [:], .foreign("No ranks by \(metric): \(unranked.reason).")))
      }
    }
    return page.section("ranks", "Ranks", content)
  }
}
