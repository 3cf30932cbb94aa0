import Markup
import Studies

/// What a round takes under each defense.
struct CostSection {
  let page: StudyPage

  /// `nil` where no trial has costs.
  func html() -> HTML? {
    guard var table = CostTable(page.study).table() else { return nil }
    // It has the scenario's name in it.
    table.caption = Printable.excerpt(table.caption, limit: 1000)
    return page.section(
      "costs", "Cost per round",
      [.tag("div", ["data-tables": "", "id": page.id("cost-table")], PageTable(table).html)])
  }
}
