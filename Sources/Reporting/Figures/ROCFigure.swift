import Charts
import Results
import Studies

/// How well each detector tells attackers from honest clients: true over false positive rate.
///
/// One line per reference detector, and one for the rule's own suspicion where it gives any;
/// each the mean over the window's rounds and the seeds at fixed false positive rates.
struct ROCFigure: Sendable {
  private let cell: CellID
  private let curves: [(detector: String, rates: [Double])]

  /// `nil` for a cell whose trials keep no such curves.
  init?(_ study: Study, _ cell: CellID) {
    curves = study.roc(of: cell)
    self.cell = cell
    if curves.isEmpty { return nil }
  }

  func chart(size: Size = .medium, title: String? = nil) -> LineChart {
    LineChart(
      title: title ?? "Detectors, \(CellLabel.text(cell))", x: .rate("false positive rate"),
      y: .rate("true positive rate"),
      series: curves.enumerated().map { index, curve in
        LineChart.Series(
          curve.detector == "rule" ? "the rule itself" : curve.detector,
          zip(Self.grid(curve.rates.count), curve.rates).map { .init($0, $1) },
          stroke: curve.detector == "rule" ? .solid : index % 2 == 0 ? .dashed : .dotted,
          color: curve.detector == "rule" ? 7 : index % 7)
      }, hasDiagonal: true, size: size)
  }

  func figure(id: String) -> StudyFigure {
    let rows = curves.flatMap { curve in
      zip(Self.grid(curve.rates.count), curve.rates).map { fpr, tpr in
        DataTable.Row([
          .text(curve.detector), .number(fpr, decimals: 2), .number(tpr, decimals: 4),
        ])
      }
    }
    return StudyFigure(
      id: id, drawing: chart().drawing(),
      table: DataTable(
        id: id, title: "Receiver operating characteristics, \(CellLabel.text(cell))",
        caption: "True positive rate at fixed false positive rates, mean over window and seeds.",
        columns: [
          .init("detector", "detector"), .init("fpr", "false positive rate"),
          .init("tpr", "true positive rate"),
        ], rows: rows))
  }

  private static func grid(_ count: Int) -> [Double] {
    (0..<count).map { Double($0) / Double(max(1, count - 1)) }
  }
}
