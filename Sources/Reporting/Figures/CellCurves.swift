public import Charts
public import Results
public import Studies

/// Accuracy and attack success of one cell over the rounds, beside its clean twin.
///
/// Lines are means over the seeds, bands reach from the lowest to the highest seed, the attack window
/// is shaded, and the twin's lines are dashed. Edge cases: a cell without curves gives `nil`; a twin
/// that is the cell itself is left out.
public struct CellCurves: Sendable {
  private let study: Study
  private let cell: CellID
  private let window: AttackWindows.Window?

  public init?(_ study: Study, _ cell: CellID, window: AttackWindows.Window?) {
    guard Self.series.contains(where: { study.curves[cell, $0.id] != nil }) else { return nil }
    self.study = study
    self.cell = cell
    self.window = window
  }

  /// The names of the series that curves need.
  public static let seriesIDs = series.map(\.id)

  private static let series: [(id: String, name: String, color: Int)] = [
    ("accuracy", "accuracy", 0), ("asr", "attack success", 1),
  ]

  public func chart(size: Size = .medium, title: String? = nil) -> LineChart {
    let twin = study.twin(of: cell).flatMap { $0 == cell ? nil : $0 }
    var lines: [LineChart.Series] = []
    for series in Self.series {
      if let curve = study.curves[cell, series.id] {
        lines.append(Self.line(curve, series.name, color: series.color))
      }
    }
    for series in Self.series {
      guard let twin, let curve = study.curves[twin, series.id] else { continue }
      var line = Self.line(curve, "\(series.name), clean twin", color: series.color)
      line.band = nil
      line.stroke = .dashed
      lines.append(line)
    }
    return LineChart(
      title: title ?? CellLabel.text(cell), x: Axis("round"), y: .rate("share"), series: lines,
      shades: Self.shades(window), size: size)
  }

  public func figure(id: String) -> StudyFigure {
    var rows: [DataTable.Row] = []
    let twin = study.twin(of: cell).flatMap { $0 == cell ? nil : $0 }
    for (name, owner) in [("attacked", Optional(cell)), ("clean twin", twin)] {
      for series in Self.series {
        guard let owner, let curve = study.curves[owner, series.id] else { continue }
        rows += curve.points.map { point in
          DataTable.Row([
            .text(name), .text(series.id), .integer(point.round),
            .number(point.mean, decimals: 4), .number(point.low, decimals: 4),
            .number(point.high, decimals: 4),
          ])
        }
      }
    }
    return StudyFigure(
      id: id, drawing: chart().drawing(),
      table: DataTable(
        id: id, title: "Curves of \(CellLabel.text(cell))",
        caption: "Mean, lowest and highest seed after each round.",
        columns: [
          .init("run", "run"), .init("series", "series"), .init("round", "round"),
          .init("mean", "mean"), .init("low", "lowest seed"), .init("high", "highest seed"),
        ], rows: rows))
  }

  static func line(_ curve: CurveTable.Curve, _ name: String, color: Int) -> LineChart.Series {
    let hasBand = curve.points.contains { $0.low < $0.high }
    return LineChart.Series(
      name, curve.points.map { .init(Double($0.round), $0.mean) },
      band: hasBand
        ? .init(
          low: curve.points.map { .init(Double($0.round), $0.low) },
          high: curve.points.map { .init(Double($0.round), $0.high) }) : nil, color: color)
  }

  /// Values are those after a round, so the window's rounds are shaded from half a round before.
  static func shades(_ window: AttackWindows.Window?) -> [LineChart.Shade] {
    guard let window, window.stop > window.start else { return [] }
    // An axis from 0 has no room for half a round before it.
    let start = max(0, Double(window.start) - 0.5)
    return [.init(start...Double(window.stop) - 0.5, "attack window")]
  }
}
