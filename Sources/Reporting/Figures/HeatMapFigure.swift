import Charts
import Markup
import Results
import Studies

/// One score of a study as a heat map: attacks down, defenses across, colored by fixed steps.
struct HeatMapFigure: Sendable {
  private let study: Study
  private let score: Score

  init(_ study: Study, _ score: Score) {
    self.study = study
    self.score = score
  }

  /// How bad a value is for the defender, from 0 to 1; `nil` where the score has no fixed scale.
  ///
  /// Rates go from 0 to 1, so one value has one color in every figure.
  static func badness(_ value: Double, _ score: Score) -> Double? {
    guard value.isFinite else { return nil }
    let share = min(1, max(0, value))
    return switch score.better {
    case .higher: 1 - share
    case .lower: share
    case .none: nil
    }
  }

  func map() -> HeatMap {
    let grid = study.grid
    let cells = grid.rows.map { row in
      let present = Set(grid.cells(of: row))
      return grid.defenses.map { defense -> HeatMap.Cell? in
        let id = CellID(attack: row.attack, defense: defense, axes: row.axes)
        guard present.contains(id) else { return nil }
        let summary = study.summary(id, score.metric)
        let text = CellText(summary, decimals: score.decimals, isFlagged: false)
        return HeatMap.Cell(
          text.value + text.mark, note: text.spread,
          badness: summary.mean.flatMap { Self.badness($0, score) })
      }
    }
    let isHigh = score.better == .higher
    // Where there is a second line, the title says what it is.
    let hasNotes = cells.joined().contains { $0?.note.isEmpty == false }
    return HeatMap(
      title: score.title + (hasNotes ? "; ± half of the 95 % interval" : ""), rowTitle: "attack",
      columnTitle: "defense",
      rows: grid.rows.map { RowName.text($0, grid) }, columns: grid.defenses, cells: cells,
      ends: isHigh ? (best: "1", worst: "0") : (best: "0", worst: "1"))
  }

  /// `nil` where no cell has the score.
  func figure(id: String) -> StudyFigure? {
    guard study.grid.cells.contains(where: { study.summary($0, score.metric).mean != nil }),
      let table = StudyTables(study).pivot(score)
    else { return nil }
    return StudyFigure(id: id, drawing: map().drawing(), table: table)
  }
}

/// How a row of the grid is called: the attack, and the values of the axes that vary.
enum RowName {
  static func text(_ row: TrialGrid.Row, _ grid: TrialGrid) -> String {
    let values = grid.namedAxes.compactMap { key, name in row.axes[key].map { "\(name)=\($0)" } }
    return ([row.attack] + values).joined(separator: " ")
  }
}
