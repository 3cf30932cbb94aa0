import Markup
import Results
import Studies
import Testing

@testable import Reporting

@Suite struct CellSummaryTests {
  private func trials(_ values: [Double?]) -> [TrialRecordV1] {
    values.enumerated().map { seed, value in
      Fixtures.record("a", "d", seed: seed, metrics: ["m": value])
    }
  }

  @Test func meanAndSampleDeviationOverSeeds() {
    let summary = CellSummary(trials([1, 2, 4, 5]), metric: "m")
    guard case .value(3, let deviation?, 4, false) = summary.outcome else {
      Issue.record("\(summary)")
      return
    }
    #expect((deviation * deviation - 10.0 / 3).magnitude < 1e-12)
    #expect(!summary.isPartial)
  }

  @Test func aSingleSeedHasNoDeviation() {
    let summary = CellSummary(trials([0.5]), metric: "m")
    #expect(
      summary.outcome == .value(mean: 0.5, deviation: nil, count: 1, isCensored: false))
  }

  @Test func seedsWithoutAValueMakeTheMeanPartial() {
    let summary = CellSummary(trials([0.5, nil, 0.5]), metric: "m")
    #expect(summary.outcome == .value(mean: 0.5, deviation: 0, count: 2, isCensored: false))
    #expect(summary.isPartial)
    #expect(CellText(summary, decimals: 3, isFlagged: true).mark == "/2!")
  }

  @Test func oneCensoredMemberMakesTheMeanALowerBound() {
    var members = trials([3, 5])
    members[1].censored = ["m"]
    let summary = CellSummary(members, metric: "m")
    #expect(CellText(summary, decimals: 1, isFlagged: false).value == "≥ 4.0")
    members[1].censored = ["other"]
    #expect(
      CellText(CellSummary(members, metric: "m"), decimals: 1, isFlagged: false).value == "4.0")
  }

  static let words: [(TrialStatus?, CellSummary.Outcome, String)] = [
    (.ok, .absent, "–"), (.notApplicable, .notApplicable, "n/a"), (.error, .failed, "fail"),
    (.timeout, .timedOut, "timeout"), (nil, .notRun, "not run"),
  ]

  @Test(arguments: words) func cellsWithoutAValueSayWhy(
    status: TrialStatus?, outcome: CellSummary.Outcome, word: String
  ) {
    let trials = status.map { [Fixtures.record("a", "d", status: $0, metrics: ["m": nil])] } ?? []
    let summary = CellSummary(trials, metric: "m")
    #expect(summary.outcome == outcome)
    #expect(CellText(summary, decimals: 3, isFlagged: false).value == word)
  }

  static let decimals: [(Double, String, String)] = [
    (0.9124, "0.912", ".912"), (-0.0001, "0.000", ".000"), (-0.25, "-0.250", "-0.250"),
    (12.3456, "12.346", "12.346"), (1, "1.000", "1.000"), (2.5e8, "2.50e+08", "2.50e+08"),
    (.infinity, "inf", "inf"),
  ]

  @Test(arguments: decimals) func decimalsAreFixed(value: Double, text: String, spread: String) {
    #expect(FixedPoint.text(value, 3) == text)
    #expect(FixedPoint.spread(value, 3) == spread)
  }

  @Test func colorsAreThoseOfFixedBounds() {
    func steps(_ values: [Double], _ better: Score.Direction, _ bounds: [Double]) -> [Int?] {
      values.map(Score(metric: "m", title: "m", better: better, bounds: bounds).step)
    }
    #expect(
      steps([1, 0.9, 0.8996, 0.8, 0.65, 0.1], .higher, Score.highBounds) == [0, 0, 0, 1, 2, 3])
    #expect(steps([0, 0.1, 0.1004, 0.101, 0.5, 1], .lower, Score.lowBounds) == [0, 0, 0, 1, 2, 3])
    #expect(steps([1, .infinity], .none, Score.lowBounds) == [nil, nil])
    #expect(steps([.nan], .lower, Score.lowBounds) == [nil])
    #expect(steps([0.5], .lower, []) == [nil])
  }

  @Test func aVoidCellHasAWord() {
    let summary = CellSummary(trials([0, 0]), metric: "m", isVoid: true)
    #expect(summary.outcome == .void && summary.mean == nil)
    #expect(CellText(summary, decimals: 3, isFlagged: true).value == "void")
    #expect(CellSummary(trials([nil]), metric: "m", isVoid: true).outcome == .absent)
  }

  @Test func aSecondFigureStandsBesideTheScore() {
    let odd = CellSummary(
      [Fixtures.record("a", "d", metrics: ["D": 0.884])], metric: "D")
    let summary = CellSummary(trials([1, 1]), metric: "m")
    #expect(
      CellText(summary, decimals: 3, isFlagged: false, beside: ("D", odd)).beside == "D .88")
    let none = CellSummary([], metric: "D")
    #expect(CellText(summary, decimals: 3, isFlagged: false, beside: ("D", none)).beside == "")
  }
}
