import Charts
import Markup
import Results
import Studies

/// What a round takes under each defense: drawings, and a table with the attack that costs most.
struct CostSection {
  let page: StudyPage

  private var study: Study { page.study }

  /// `nil` where no trial has costs.
  func html() -> HTML? {
    let table = CostTable(study)
    let costs = table.costs
    guard !costs.isEmpty else { return nil }
    let figures = CostFigure.all(study).map { id, figure -> HTML in
      let id = page.id("costs-" + CellAnchors.slug(id))
      return .tag("figure", [:], .markup(figure.chart().drawing().inline(id: id)))
    }
    return page.section(
      "costs", "Cost per round",
      [
        .tag("div", ["class": "figures"], all: figures),
        .tag(
          "div", ["class": "worst", "data-tables": "", "id": page.id("cost-table")],
          shown(costs, table).html),
      ])
  }

  /// One column per cost: the largest, and below it the attack and the median.
  private func shown(
    _ costs: [(measure: CostTable.Measure, byDefense: [String: RoundCost])], _ table: CostTable
  ) -> PageTable {
    let defenses = page.grid.defenses.filter { defense in
      costs.contains { $0.byDefense[defense] != nil }
    }
    return PageTable(
      name: "costs", caption: Printable.excerpt(table.caption, limit: 1000),
      columns: [.init("defense", "defense", better: .higher)]
        + costs.map { .init($0.measure.id, $0.measure.title, better: .lower, isNumeric: true) },
      rows: defenses.map { defense in
        PageTable.Row(
          [PageTable.Cell(.foreign(defense))]
            + costs.map { cell($0.byDefense[defense], $0.measure, table) })
      })
  }

  private func cell(
    _ cost: RoundCost?, _ measure: CostTable.Measure, _ table: CostTable
  ) -> PageTable.Cell {
    guard let cost else { return .missing("–", reason: "no trial has it") }
    func text(_ value: Double) -> String {
      FixedPoint.text(value * measure.scale, measure.decimals)
    }
    let link = page.anchors[cost.largest.cell].map { "#" + $0 }
    return PageTable.Cell(
      .tag("a", ["href": link], .text(text(cost.largest.value))),
      .tag("small", [:], .foreign(table.attack(cost))),
      .tag("small", [:], .text("median \(text(cost.median))")),
      cost.clean.map { .tag("small", [:], .text("no attack \(text($0))")) } ?? .group([]),
      value: CanonicalJSON.number(cost.largest.value * measure.scale))
  }
}
