import Charts
import Markup
import Studies

/// Curves over the axes of the matrix.
struct SweepSection {
  let page: StudyPage

  /// `nil` for a study that varies nothing.
  func html() -> HTML? {
    let panels = SweepFigures(page.study).all()
    guard !panels.isEmpty else { return nil }
    var axes: [String] = []
    for panel in panels where !axes.contains(panel.sweep.axis) { axes.append(panel.sweep.axis) }
    var content: [HTML] = []
    for axis in axes {
      let own = panels.filter { $0.sweep.axis == axis }
      content.append(.tag("h3", [:], .foreign(Self.heading(own[0].sweep))))
      let drawn = own.map { panel -> HTML in
        .tag(
          "figure", [:],
          .markup(panel.chart(size: .medium).drawing().inline(id: page.id(panel.id) + "_chart")))
      }
      content.append(
        .tag(
          "p", [:],
          .text(
            "Points are means over the seeds, bands their 95 % intervals where few lines are drawn. "
              + SweepFigures.worstNote)))
      let first = own.indices.filter { own[$0].panel.subject == .worstCase }.map { drawn[$0] }
      let rest = own.indices.filter { own[$0].panel.subject != .worstCase }.map { drawn[$0] }
      content.append(.tag("div", ["class": "figures"], all: first))
      guard !rest.isEmpty else { continue }
      content.append(
        .tag(
          "details", ["open": first.isEmpty ? "" : nil],
          .tag("summary", [:], .text("Attack by attack (\(counted(rest.count, "chart")))")),
          .tag("div", ["class": "figures"], all: rest)))
    }
    return page.section("sweeps", "Along the axes", content)
  }

  private static func heading(_ sweep: Sweep) -> String {
    switch sweep.role {
    case .attackers: "Breakdown: \(sweep.axis)"
    case .heterogeneity: "Heterogeneity: \(sweep.axis)"
    case .attack(let id): "A parameter of the attack \(id): \(sweep.axis)"
    case .defense(let id): "A parameter of the defense \(id): \(sweep.axis)"
    case .other: sweep.axis
    }
  }
}
