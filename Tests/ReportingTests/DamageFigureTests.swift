import Studies
import Testing

@testable import Charts
@testable import Reporting

@Suite struct DamageFigureTests {
  private static let study = TableStudy.study([
    PageStudy.record("none", "mean", 0.9, 0, stealth: 1, drop: 0),
    PageStudy.record("weak", "mean", 0.8, 0, stealth: 0.75, drop: 0.125),
    PageStudy.record("weak", "krum", 0.8, 0, stealth: 0.5, drop: 0.25),
    PageStudy.record("strong", "mean", 0.5, 0, stealth: nil, drop: 0.5),
    PageStudy.record("strong", "krum", 0.5, 0, stealth: 0.25, drop: nil),
  ])

  @Test func attackedCellsWithBothFiguresAreDrawn() throws {
    let points = try #require(DamageFigure(Self.study)).chart().points
    #expect(points.map(\.label) == ["weak / mean", "weak / krum"])
    #expect(points.map(\.x) == [0.75, 0.5] && points.map(\.y) == [0.125, 0.25])
    // One attack, two defenses.
    #expect(points.map(\.group) == ["weak", "weak"])
  }

  @Test func theTableHoldsWhatIsDrawn() throws {
    let table = try #require(DamageFigure(Self.study)).figure(id: "x").table
    #expect(
      table.csv.split(separator: "\n") == [
        "attack,defense,axes,stealth.score,damage", "weak,mean,,0.75,0.125", "weak,krum,,0.5,0.25",
      ])
  }

  @Test func withoutStealthThereIsNone() {
    #expect(DamageFigure(PageStudy.study) == nil)
  }
}
