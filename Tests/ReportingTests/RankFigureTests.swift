import Results
import Studies
import Testing

@testable import Reporting

@Suite struct RankFigureTests {
  private func caption(
    _ records: [TrialRecordV1], by metric: String = "accuracy.stop"
  ) throws -> String {
    try RankFigure(TableStudy.study(records).ranks(by: metric).get()).caption
  }

  private func records(_ axes: [String: String] = [:]) -> [TrialRecordV1] {
    ["x", "y", "z"].flatMap { attack in
      TableStudy.cell(attack, "a", 0.9, 0.1, axes: axes)
        + TableStudy.cell(attack, "b", 0.8, 0.2, axes: axes)
    }
  }

  @Test func blocksAreAttacksWithoutAxes() throws {
    let found = try caption(records() + TableStudy.cell("w", "a", 0.5, 0.1))
    #expect(found.hasPrefix("Mean ranks of 2 defenses over 3 attacks by accuracy.stop,"))
    #expect(found.contains("Left out: 1 attack without a number of some defense."))
    #expect(!found.contains("not ranked") && !found.contains("backdoor"))
  }

  @Test func blocksAreAttacksByCombinationsOfAxes() throws {
    let axis = "threat.malicious"
    let more = TableStudy.cell("w", "a", 0.5, 0.1, axes: [axis: "0.1"])
    let found = try caption(records([axis: "0.1"]) + records([axis: "0.2"]) + more)
    #expect(
      found.hasPrefix("Mean ranks of 2 defenses over 6 blocks (attack by combination of axes) by"))
    #expect(found.contains("Left out: 1 block without a number of some defense."))
  }

  @Test func defensesWithoutANumberAreNamed() throws {
    let idle = ["x", "y"].map {
      Fixtures.record($0, "<b>\u{1b}bulyan", status: .notApplicable, message: "too few clients")
    }
    let found = try caption(records() + idle)
    #expect(found.contains("Without any number, and not ranked: <b>\\u{1b}bulyan."))
    #expect(!found.contains("Left out"))
    let page = ReportPage([.init(TableStudy.study(records() + idle))], markedFlags: []).text()
    #expect(page.contains("not ranked: &lt;b&gt;\\u{1b}bulyan"))
  }

  @Test func attackSuccessNamesItsAttacks() throws {
    let planted = records().map { record -> TrialRecordV1 in
      var record = record
      record.metrics["asr.excess"] = record.attack == "z" ? 0 : 0.5
      return record
    }
    #expect(
      try caption(planted, by: "asr.stop").contains(
        "mean asr.excess of 0.05 or more under some defense: 2 of 3."))
  }
}
