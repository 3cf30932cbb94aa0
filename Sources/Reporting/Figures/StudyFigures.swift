import Charts
import Gating
import Results
public import Studies

/// The figures of a study that are written as files.
public struct StudyFigures {
  private let study: Study

  public init(_ study: Study) { self.study = study }

  /// The scores that defenses are ranked by.
  static let rankScores = Score.shown.filter { ["accuracy.stop", "asr.stop"].contains($0.metric) }

  /// Heat maps, ranks, damage, sweeps, and below `cells/` the curves and detectors of each cell.
  public func all() -> [StudyFigure] {
    var figures: [StudyFigure] = []
    for score in Score.shown {
      let id = "map-" + CellAnchors.slug(score.metric)
      figures += [HeatMapFigure(study, score).figure(id: id)].compactMap(\.self)
    }
    for score in Self.rankScores {
      guard case .success(let ranks) = study.ranks(by: score.metric) else { continue }
      figures.append(RankFigure(ranks).figure(id: "ranks-" + CellAnchors.slug(score.metric)))
    }
    if let damage = DamageFigure(study) { figures.append(damage.figure(id: "stealth-damage")) }
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
    let anchors = CellAnchors(study.grid, prefix: "")
    for cell in study.grid.cells {
      guard let name = anchors[cell] else { continue }
      let window = windows.window(cell.axes)
      if let curves = CellCurves(study, cell, window: window) {
        figures.append(curves.figure(id: "cells/\(name.dropFirst(5))-curves"))
      }
      if !study.references.clean.contains(cell.attack), let roc = ROCFigure(study, cell) {
        figures.append(roc.figure(id: "cells/\(name.dropFirst(5))-roc"))
      }
    }
    return figures
  }
}
