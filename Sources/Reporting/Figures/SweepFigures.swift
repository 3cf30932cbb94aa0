import Charts
import Markup
import Results
import Studies

/// Curves over what a scenario varies: the share of attackers, Dirichlet's alpha, or any other axis.
struct SweepFigures {
  /// One panel of one axis.
  struct Panel: Sendable {
    let id: String
    let sweep: Sweep
    let panel: Sweep.Panel
    /// The short names of the axes, by their keys.
    let names: [String: String]
  }

  private let study: Study

  init(_ study: Study) { self.study = study }

  static let scores = Score.shown.filter { ["accuracy.stop", "asr.stop"].contains($0.metric) }

  /// What a curve of worst cases is over.
  static let worstNote =
    "The worst case of a defense is over the attacks, each setting for itself, that have a mean at every"
    + " value at which the defense has any, so that no curve falls because an attack joins it; how many"
    + " they are may differ between defenses."

  /// The panels of all axes: for each metric, worst cases first, then attack by attack.
  func all() -> [Panel] {
    var ids = UniqueIDs()
    let names = Dictionary(study.grid.namedAxes.map { ($0.key, $0.name) }) { first, _ in first }
    return Self.scores.flatMap { score in
      study.sweeps(of: score.metric).flatMap { sweep in
        sweep.panels.enumerated().map { index, panel in
          let name =
            switch panel.subject {
            case .worstCase: "worst"
            case .attack(let attack): attack
            }
          return Panel(
            id: ids.id(
              "sweep-" + CellAnchors.slug("\(sweep.name)-\(sweep.metric)-\(index + 1)-\(name)")),
            sweep: sweep, panel: panel, names: names)
        }
      }
    }
  }
}

extension SweepFigures.Panel {
  /// What the panel shows, such as `accuracy.stop under the worst attack at each value`.
  var title: String {
    let subject =
      switch panel.subject {
      case .worstCase: "worst attack at each value"
      case .attack(let attack): attack
      }
    let axes = panel.axes.sorted { $0.key < $1.key }.map {
      "\(names[$0.key] ?? $0.key)=\($0.value)"
    }
    return ([sweep.metric + ", " + subject] + axes).joined(separator: " · ")
  }

  func chart(size: Size = .medium) -> LineChart {
    let scale: Axis.Scale =
      sweep.numbers == nil
      ? .categories(sweep.values) : sweep.isLogarithmic ? .logarithmic : .linear
    let places = sweep.numbers ?? sweep.values.indices.map(Double.init)
    return LineChart(
      title: title, x: Axis(sweep.axis, scale: scale), y: .rate(sweep.metric),
      series: panel.lines.enumerated().map { index, line in
        var points: [LineChart.Point] = []
        var band = LineChart.Band(low: [], high: [])
        for (x, summary) in zip(places, line.points) {
          guard let summary, let mean = summary.mean else {
            // A line across would claim a figure that nobody measured.
            points.append(.init(x, .nan))
            band.low.append(.init(x, .nan))
            band.high.append(.init(x, .nan))
            continue
          }
          points.append(.init(x, mean))
          let edges = summary.interval ?? mean...mean
          band.low.append(.init(x, edges.lowerBound))
          band.high.append(.init(x, edges.upperBound))
        }
        // Bands of many defenses hide each other.
        return LineChart.Series(
          Self.name(line), points, band: panel.lines.count <= 4 ? band : nil, color: index,
          hasMarks: true)
      }, size: size)
  }

  func figure() -> StudyFigure {
    var rows: [DataTable.Row] = []
    for line in panel.lines {
      for (index, value) in sweep.values.enumerated() {
        guard let summary = line.points[index] else { continue }
        let worst = line.worst.isEmpty ? nil : line.worst[index]
        rows.append(
          .init([
            .text(Self.name(line)), .text(value), DataTable.Value(summary, decimals: 3),
            .text(worst?.attack ?? ""), worst.map { .integer($0.count) } ?? .text(""),
            worst.map { .integer($0.missingCount) } ?? .text(""),
          ]))
      }
    }
    return StudyFigure(
      id: id, drawing: chart().drawing(),
      table: DataTable(
        id: id, title: title, caption: caption,
        columns: [
          .init("defense", "defense"), .init("value", sweep.axis),
          .init("figure", sweep.metric, better: sweep.better), .init("worst", "worst attack"),
          .init("worst_of", "worst of"), .init("left_out", "attacks left out"),
        ], rows: rows))
  }

  private var caption: String {
    let mean = "Mean over the seeds with its 95 % t interval."
    return panel.subject == .worstCase ? "\(mean) \(SweepFigures.worstNote)" : mean
  }

  private static func name(_ line: Sweep.Line) -> String {
    ([line.defense] + line.axes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
      .joined(separator: " ")
  }
}
