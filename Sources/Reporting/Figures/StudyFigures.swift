import Charts
import Gating
import Results
public import Studies

/// The figures of a study that are written as files.
public struct StudyFigures: Sendable {
  private let study: Study

  public init(_ study: Study) { self.study = study }

  /// The metrics that defenses are ranked by, and whose smallest difference is told.
  static func comparedMetrics(_ study: Study) -> [String] { [study.accuracyMetric, "asr.stop"] }

  /// Heat maps, ranks, damage, costs, sweeps, and below `cells/` the curves and detectors of each
  /// cell.
  public func all() -> [StudyFigure] { map { [$0] } }

  /// What becomes of each figure, in the order of ``all()``; figures of cells are made side by side,
  /// and none is kept.
  func map<Result: Sendable>(
    _ body: @Sendable (StudyFigure) -> [Result]
  ) -> [Result] {
    let cells = cells
    let step = 32
    let groups = stride(from: 0, to: cells.count, by: step).map {
      Array(cells[$0..<min($0 + step, cells.count)])
    }
    return whole.flatMap(body)
      + Concurrently.map(groups) { group in
        group.flatMap { figures(of: $0).flatMap(body) }
      }.flatMap(\.self)
  }

  /// The figures that are not of a single cell.
  private var whole: [StudyFigure] {
    var figures: [StudyFigure] = []
    for score in Score.shown {
      let id = "map-" + CellAnchors.slug(score.metric)
      figures += [HeatMapFigure(study, score).figure(id: id)].compactMap(\.self)
    }
    for metric in Self.comparedMetrics(study) {
      guard case .success(let ranks) = study.ranks(by: metric) else { continue }
      figures.append(RankFigure(ranks).figure(id: "ranks-" + CellAnchors.slug(metric)))
    }
    if let damage = DamageFigure(study) { figures.append(damage.figure(id: "stealth-damage")) }
    figures += CostFigure.all(study).map { $1.figure(id: CellAnchors.slug($0)) }
    figures += SweepFigures(study).all().map { $0.figure() }
    var windows = AttackWindows(resolved: study.results.resolved)
    var ids = UniqueIDs()
    for row in study.grid.rows {
      guard let curves = AttackCurves(study, row, window: windows.window(row.axes)) else {
        continue
      }
      figures.append(
        curves.figure(id: ids.id("curves-" + CellAnchors.slug(RowName.text(row, study.grid)))))
    }
    return figures
  }

  /// A cell with the end of its files' names and its attack window.
  private struct Cell {
    var id: CellID
    var name: Substring
    var window: AttackWindows.Window?
  }

  private var cells: [Cell] {
    var windows = AttackWindows(resolved: study.results.resolved)
    let anchors = CellAnchors(study.grid, prefix: "")
    return study.grid.cells.compactMap { cell in
      anchors[cell].map {
        Cell(id: cell, name: $0.dropFirst("cell-".count), window: windows.window(cell.axes))
      }
    }
  }

  private func figures(of cell: Cell) -> [StudyFigure] {
    let curves = CellCurves(study, cell.id, window: cell.window)?
      .figure(id: "cells/\(cell.name)-curves")
    let isAttacked = !study.references.clean.contains(cell.id.attack)
    let roc = (isAttacked ? ROCFigure(study, cell.id) : nil)?
      .figure(id: "cells/\(cell.name)-roc")
    return [curves, roc].compactMap(\.self)
  }
}
