import Charts
import Results
import Studies

/// Accuracy and attack success over the rounds under one attack: one line per defense, side by side.
struct AttackCurves {
  private let study: Study
  private let row: TrialGrid.Row
  private let window: AttackWindows.Window?
  private let cells: [CellID]

  /// More lines than this cannot be told apart.
  static let mostDefenses = 12

  /// `nil` where no cell of the row has curves, or too many have.
  init?(_ study: Study, _ row: TrialGrid.Row, window: AttackWindows.Window?) {
    cells = study.grid.cells(of: row).filter { cell in
      CellCurves.seriesIDs.contains { study.curves[cell, $0] != nil }
    }
    guard (1...Self.mostDefenses).contains(cells.count) else { return nil }
    self.study = study
    self.row = row
    self.window = window
  }

  var title: String { "Under \(RowName.text(row, study.grid))" }

  /// Accuracy, then attack success.
  func panels(size: Size = .medium) -> [Drawing] {
    [("accuracy", "accuracy"), ("asr", "attack success rate")].map { id, name in
      chart(id, name, size: size).drawing()
    }
  }

  private func chart(_ id: String, _ name: String, size: Size) -> LineChart {
    var lines: [LineChart.Series] = []
    let hasRoom = cells.count <= 3
    for (index, cell) in cells.enumerated() {
      guard let curve = study.curves[cell, id] else { continue }
      var line = CellCurves.line(curve, cell.defense, color: index)
      // Bands of many defenses hide each other, and so do twins.
      if !hasRoom { line.band = nil }
      lines.append(line)
      guard hasRoom, let twin = study.twin(of: cell), twin != cell,
        let curve = study.curves[twin, id]
      else { continue }
      var dashed = CellCurves.line(curve, "\(cell.defense), clean twin", color: index)
      dashed.band = nil
      dashed.stroke = .dashed
      lines.append(dashed)
    }
    return LineChart(
      title: "\(name), \(RowName.text(row, study.grid))", x: Axis("round"), y: .rate(name),
      series: lines, shades: CellCurves.shades(window), size: size)
  }

  func figure(id: String) -> StudyFigure {
    var rows: [DataTable.Row] = []
    for cell in cells {
      for id in CellCurves.seriesIDs {
        rows += (study.curves[cell, id]?.points ?? []).map { point in
          DataTable.Row([
            .text(cell.defense), .text(id), .integer(point.round),
            .number(point.mean, decimals: 4), .number(point.low, decimals: 4),
            .number(point.high, decimals: 4),
          ])
        }
      }
    }
    return StudyFigure(
      id: id, drawing: Drawing.row(panels(), title: title),
      table: DataTable(
        id: id, title: title, caption: "Mean, lowest and highest seed after each round.",
        columns: [
          .init("defense", "defense"), .init("series", "series"), .init("round", "round"),
          .init("mean", "mean"), .init("low", "lowest seed"), .init("high", "highest seed"),
        ], rows: rows))
  }
}
