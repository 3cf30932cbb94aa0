import Results
import Studies
import Testing

@testable import Charts
@testable import Reporting

@Suite struct SweepFiguresTests {
  private let panels = SweepFigures(PageStudy.swept()).all()

  private func panel(_ metric: String, _ subject: Sweep.Subject) throws -> SweepFigures.Panel {
    try #require(panels.first { $0.sweep.metric == metric && $0.panel.subject == subject })
  }

  @Test func theWorstCaseComesFirst() throws {
    let first = try #require(panels.first)
    #expect(first.panel.subject == .worstCase)
    #expect(Set(panels.map(\.id)).count == panels.count)
  }

  @Test func pointsAreMeansAtTheValuesOfTheAxis() throws {
    let chart = try panel("accuracy.stop", .attack("weak")).chart()
    #expect(chart.series.map(\.name) == ["mean", "krum"])
    #expect(chart.series[0].points.map(\.x) == [0.1, 0.2])
    let values = chart.series[0].points.map(\.y)
    #expect(values.count == 2 && abs(values[0] - 0.8) < 1e-12 && abs(values[1] - 0.55) < 1e-12)
    // Two seeds: the 95 % interval is 12.706 standard errors of 0.01 to either side.
    let band = try #require(chart.series[0].band)
    let high = band.high[0].y
    #expect(abs(high - (0.8 + 0.12706)) < 1e-4)
    #expect(!chart.series.contains { !$0.hasMarks })
  }

  @Test func theTableNamesTheWorstAttack() throws {
    let csv = try panel("accuracy.stop", .worstCase).figure().table.csv
    let lines = csv.split(separator: "\n").filter { $0.hasPrefix("mean,") }
    // strong: 0.75, 0.625; weak: 0.8, 0.55.
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("mean,0.1,0.75") && lines[0].hasSuffix(",strong,2,0"))
    #expect(lines[1].hasPrefix("mean,0.2,0.55") && lines[1].hasSuffix(",weak,2,0"))
  }

  /// `weak` failed at 0.2 and was not run at 0.3: its line ends there and starts anew.
  @Test func valuesWithoutAMeanBreakTheLine() throws {
    let records = ["0.1", "0.2", "0.3", "0.4"].flatMap { value -> [TrialRecordV1] in
      let axes = ["threat.malicious": value]
      let other = TableStudy.cell("weak", "krum", 0.7, 0.2, axes: axes)
      switch value {
      case "0.2": return other + [Fixtures.record("weak", "mean", axes: axes, status: .error)]
      case "0.3": return other
      default: return other + TableStudy.cell("weak", "mean", 0.8, 0.1, axes: axes)
      }
    }
    let panels = SweepFigures(TableStudy.study(records)).all()
    let panel = try #require(panels.first { $0.panel.subject == .attack("weak") })
    let series = try #require(panel.chart().series.first { $0.name == "mean" })
    #expect(series.points.map(\.x) == [0.1, 0.2, 0.3, 0.4])
    #expect(series.points.map(\.y.isNaN) == [false, true, true, false])
    let band = try #require(series.band)
    #expect(band.low.map(\.y.isNaN) == [false, true, true, false])
    #expect(band.high.map(\.y.isNaN) == [false, true, true, false])
    #expect(!panel.figure().drawing.document().contains("nan"))
  }

  @Test func theCaptionTellsWhatTheWorstIsOver() throws {
    let caption = try panel("accuracy.stop", .worstCase).figure().table.caption
    #expect(caption.contains("no curve falls because an attack joins it"))
    #expect(try !panel("accuracy.stop", .attack("weak")).figure().table.caption.contains("joins"))
  }

  @Test func longNamesKeepIDsApart() {
    let axis = "attacks.weak." + String(repeating: "x", count: 200)
    let panels = SweepFigures(PageStudy.swept(axis: axis)).all()
    #expect(panels.count > 1)
    #expect(Set(panels.map(\.id)).count == panels.count)
  }

  @Test func withoutAxesThereIsNone() {
    #expect(SweepFigures(PageStudy.study).all().isEmpty)
  }
}
