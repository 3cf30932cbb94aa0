import Charts
import Gating
import Results
import Studies

/// Each attacked cell by how stealthy its attack is and by the damage that it does.
struct DamageFigure: Sendable {
  private let points: [(cell: CellID, stealth: Double, damage: Double)]
  private let axes: [(key: String, name: String)]

  /// `nil` where no cell has both.
  init?(_ study: Study) {
    axes = study.grid.namedAxes
    points = study.grid.cells.compactMap { cell in
      guard !study.references.clean.contains(cell.attack),
        let stealth = study.summary(cell, "stealth.score").mean,
        let damage = study.damage(of: cell)
      else { return nil }
      return (cell, stealth, damage)
    }
    if points.isEmpty { return nil }
  }

  /// One color and mark per defense or attack, whichever are fewer, so that few look alike.
  func chart(size: Size = .large) -> ScatterChart {
    let attacks = Set(points.map(\.cell.attack)).count
    let byAttack = attacks <= Set(points.map(\.cell.defense)).count
    return ScatterChart(
      title: "Stealth against damage, one mark per cell", x: .rate("stealth: 1 looks honest"),
      y: Axis("damage: accuracy lost or attack success won", least: 0...1),
      points: points.map { point in
        ScatterChart.Point(
          point.stealth, point.damage, label: CellLabel.text(point.cell, axes),
          group: byAttack ? point.cell.attack : point.cell.defense)
      }, size: size)
  }

  func figure(id: String) -> StudyFigure {
    StudyFigure(
      id: id, drawing: chart().drawing(),
      table: DataTable(
        id: id, title: "Stealth against damage", caption: Self.caption,
        columns: [
          .init("attack", "attack"), .init("defense", "defense"), .init("axes", "axes"),
          .init("stealth.score", "stealth"), .init("damage", "damage"),
        ],
        rows: points.map { point in
          .init([
            .text(point.cell.attack), .text(point.cell.defense),
            .text(
              point.cell.axes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                .joined(separator: " ")),
            .number(point.stealth, decimals: 3), .number(point.damage, decimals: 3),
          ])
        }))
  }

  static let caption =
    "Damage is the larger of the accuracy lost to the clean twin and the attack success beyond it, at "
    + "the end of the window. An attack in the upper right is both harmful and hard to tell."
}
