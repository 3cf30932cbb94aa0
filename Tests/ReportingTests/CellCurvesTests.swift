import Results
import Studies
import Testing

@testable import Charts
@testable import Reporting

@Suite struct CellCurvesTests {
  private let study = PageStudy.study
  private func cell(_ attack: String, _ defense: String = "mean") -> CellID {
    CellID(attack: attack, defense: defense, axes: [:])
  }

  private var window: AttackWindows.Window? {
    var windows = AttackWindows(resolved: PageStudy.resolved)
    return windows.window([:])
  }

  @Test func theTwinIsDashedAndHasNoBand() throws {
    let chart = try #require(CellCurves(study, cell("weak"), window: window)).chart()
    #expect(chart.series.map(\.name) == ["accuracy", "attack success", "accuracy, clean twin"])
    #expect(chart.series.map(\.stroke) == [.solid, .solid, .dashed])
    #expect(chart.series.map { $0.band != nil } == [true, true, false])
    #expect(chart.series[0].color == chart.series[2].color)
    #expect(chart.series[0].points.map(\.x) == [1, 2, 3, 4])
    #expect(chart.series[0].points.map(\.y) == [0.4375, 0.5, 0.5625, 0.625])
    #expect(chart.series[2].points.map(\.y) == [0.5625, 0.625, 0.6875, 0.75])
  }

  @Test func theWindowIsShaded() throws {
    let chart = try #require(CellCurves(study, cell("weak"), window: window)).chart()
    // Rounds 2 and 3, of which the values stand at 2 and 3.
    #expect(chart.shades.map(\.range) == [1.5...3.5])
    #expect(CellCurves.shades(nil) == [])
    var early = AttackWindows(resolved: [["threat": ["window": ["start": 0, "stop": 2]]]])
    #expect(CellCurves.shades(early.window([:])).map(\.range) == [0...1.5])
    let none = try #require(CellCurves(study, cell("weak"), window: nil)).chart()
    #expect(none.shades == [])
  }

  @Test func theReferenceHasNoTwin() throws {
    let chart = try #require(CellCurves(study, cell("none"), window: window)).chart()
    #expect(chart.series.map(\.name) == ["accuracy"])
  }

  @Test func withoutCurvesThereIsNoFigure() {
    #expect(CellCurves(study, cell("weak", "krum"), window: window) == nil)
  }

  @Test func theTableHoldsWhatIsDrawn() throws {
    let figure = try #require(CellCurves(study, cell("weak"), window: window)).figure(id: "x")
    #expect(figure.id == "x" && figure.table.rows.count == 12)
    #expect(
      figure.table.csv.split(separator: "\n").prefix(2) == [
        "run,series,round,mean,low,high", "attacked,accuracy,1,0.4375,0.3125,0.5625",
      ])
    #expect(figure.table.csv.contains("\nclean twin,accuracy,4,0.75,0.5,1\n"))
    let clean = try #require(CellCurves(study, cell("none"), window: window)).figure(id: "x")
    #expect(clean.table.rows.count == 4)
  }
}
