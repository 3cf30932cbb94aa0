import Studies
import Testing

@testable import Charts
@testable import Reporting

@Suite struct HeatMapFigureTests {
  private let accuracy = Score(metric: "accuracy.stop", title: "accuracy", better: .higher)
  private let success = Score(metric: "asr.stop", title: "success", better: .lower)

  @Test func oneValueHasOneColor() {
    #expect(HeatMapFigure.badness(0.25, accuracy) == 0.75)
    #expect(HeatMapFigure.badness(0.25, success) == 0.25)
    #expect(HeatMapFigure.badness(1.5, success) == 1)
    #expect(HeatMapFigure.badness(-0.5, success) == 0)
    #expect(HeatMapFigure.badness(.nan, success) == nil)
    #expect(HeatMapFigure.badness(.infinity, accuracy) == nil)
    let neutral = Score(metric: "x", title: "x", better: .none)
    #expect(HeatMapFigure.badness(0.25, neutral) == nil)
  }

  @Test func wordsHaveNoColor() throws {
    let map = HeatMapFigure(PageStudy.study, success).map()
    #expect(map.rows == ["none", "weak", "strong", "dead", "flip"])
    #expect(map.columns == ["mean", "krum", "bulyan"])
    let dead = try #require(map.cells[3][0])
    #expect(dead.text == "void" && dead.badness == nil)
    let weak = try #require(map.cells[1][0])
    #expect(weak.text == "0.900")
    let badness = try #require(weak.badness)
    #expect(abs(badness - 0.9) < 1e-12)
    #expect(map.cells[3][1]?.text == "not run" && map.cells[4][1]?.text == "timeout")
  }

  @Test func endsSayWhatIsGood() {
    #expect(HeatMapFigure(PageStudy.study, success).map().ends == (best: "0", worst: "1"))
    #expect(HeatMapFigure(PageStudy.study, accuracy).map().ends == (best: "1", worst: "0"))
  }

  @Test func rowsNameTheAxes() {
    let map = HeatMapFigure(PageStudy.swept(), accuracy).map()
    #expect(map.rows.contains("weak malicious=0.1"))
    // krum was not run without an attack, and is in the grid all the same.
    #expect(map.cells[0].map { $0?.text } == ["0.900", "not run"])
  }

  @Test func theTableHoldsWhatIsDrawn() throws {
    let figure = try #require(HeatMapFigure(PageStudy.study, accuracy).figure(id: "m"))
    #expect(figure.table.csv.contains(/\nweak,0\.8,/))
    #expect(
      HeatMapFigure(
        PageStudy.study, Score(metric: "stealth.score", title: "s", better: .lower)
      ).figure(id: "m") == nil)
  }
}
