import Gating
import Results
import Studies

/// Every cell and metric in long form, for programs.
struct CellsTable {
  private let study: Study

  init(_ study: Study) { self.study = study }

  /// The scores of the tables with the figures beside them, then what is gated; those that were
  /// measured.
  private var metrics: [String] {
    let ids =
      Score.shown.flatMap { [$0.metric] + ($0.companion.map { [$0.metric] } ?? []) }
      + study.facts.metrics.filter { $0.tolerance != nil }.map(\.id)
      + ["accuracy.final", "asr.final"]
    let measured = Set(study.measuredMetrics)
    var seen: Set<String> = []
    return ids.filter { measured.contains($0) && seen.insert($0).inserted }
  }

  func table(_ metrics: [String]? = nil) -> DataTable {
    let figures = study.cellFigures(metrics: metrics ?? self.metrics)
    return DataTable(
      id: "cells", title: "Every cell and metric",
      caption: StudyCaption(study).text([
        "One row per cell and metric: mean, sample standard deviation (sd), 95 % t interval of the"
          + " mean, the seed that is worst for the defender, how many seeds have a value, and the"
          + " cell's reliability flags that are about the metric."
      ]),
      columns: [.init("attack", "attack"), .init("defense", "defense")]
        + study.axisColumns + [
          .init("metric", "metric"), .init("outcome", "outcome"), .init("mean", "mean"),
          .init("sd", "sd"), .init("low", "low"), .init("high", "high"),
          .init("lower_bound", "lower bound"), .init("worst", "worst"),
          .init("worst_seed", "worst seed"), .init("seeds", "seeds"), .init("trials", "trials"),
          .init("implied", "implied"), .init("flags", "flags"), .init("reason", "reason"),
        ],
      rows: figures.map(row))
  }

  private func row(_ figure: CellFigure) -> DataTable.Row {
    let summary = figure.summary
    func number(_ value: Double?) -> DataTable.Value {
      value.map { .number($0, decimals: 3) } ?? .missing("", reason: figure.reason)
    }
    var deviation: Double?
    if case .value(_, let spread, _, _) = summary.outcome { deviation = spread }
    return DataTable.Row(
      [.text(figure.cell.attack), .text(figure.cell.defense)] + study.axisValues(figure.cell.axes)
        + [
          .text(figure.metric), .text(Self.name(summary.outcome)), number(summary.mean),
          number(deviation), number(summary.interval?.lowerBound),
          number(summary.interval?.upperBound), .text(figure.isCensored ? "true" : "false"),
          number(figure.worst?.value),
          figure.worst.map { .integer($0.seed) } ?? .missing("", reason: figure.reason),
          .integer(summary.values.count), .integer(summary.trialCount),
          .text(figure.isImplied ? "true" : "false"),
          .text(figure.flags.map(\.id).joined(separator: ";")), .text(figure.reason),
        ])
  }

  private static func name(_ outcome: CellSummary.Outcome) -> String {
    switch outcome {
    case .value: "value"
    case .void: "void"
    case .absent: "absent"
    case .notApplicable: "not-applicable"
    case .failed: "failed"
    case .timedOut: "timeout"
    case .notRun: "not-run"
    }
  }
}
