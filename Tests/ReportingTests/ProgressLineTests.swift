import Markup
import Testing

@testable import Reporting

@Suite struct ProgressLineTests {
  static let durations: [(Double, String)] = [
    (0, "0.0 s"), (0.44, "0.4 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"),
    (59.6, "1 min 00 s"), (185, "3 min 05 s"), (3599.7, "1 h 00 min"), (7500, "2 h 05 min"),
    (86_399, "1 d 00 h"), (273_600, "3 d 04 h"), (-1, "?"), (.nan, "?"), (.infinity, "?"),
  ]

  @Test(arguments: durations) func durationsAreShort(seconds: Double, text: String) {
    #expect(Durations.text(seconds) == text)
  }

  @Test func aBarTellsShareTimeAndCell() {
    let line = ProgressLine(doneCount: 30, totalCount: 120, elapsed: 10, cell: "backdoor/krum")
    #expect(
      line.bar(width: 100)
        == "███████░░░░░░░░░░░░░░░░░░░░░░░   30/120   25 %  30 s left  backdoor/krum")
    #expect(line.timeLeft == 30)
  }

  @Test func whatDoesNotFitGivesWay() {
    let line = ProgressLine(
      doneCount: 5, totalCount: 10, elapsed: 3, cell: "model-replacement/trimmed-mean")
    #expect(
      line.bar(width: 72)
        == "███████████████░░░░░░░░░░░░░░░   5/10   50 %  3.0 s left  model-replace…")
    #expect(line.bar(width: 40) == "███████░░░░░░░   5/10   50 %  3.0 s left")
    #expect(line.bar(width: 26) == " 5/10   50 %  3.0 s left")
    #expect(line.bar(width: 15) == " 5/10   50 %")
    #expect(line.bar(width: 4) == " 5/…")
    for width in 0...120 { #expect(Printable.width(line.bar(width: width)) <= width) }
  }

  @Test func beginningAndEnd() {
    let start = ProgressLine(doneCount: 0, totalCount: 3, elapsed: 2, cell: "a/b")
    #expect(start.timeLeft == nil)
    #expect(start.bar(width: 40) == "░░░░░░░░░  0/3    0 %  time left unknown")
    let end = ProgressLine(doneCount: 3, totalCount: 3, elapsed: 61, cell: "")
    #expect(end.bar(width: 64) == "██████████████████████████████  3/3  100 %  done in 1 min 01 s")
    let nothing = ProgressLine(doneCount: 0, totalCount: 0, elapsed: 0, cell: "")
    #expect(nothing.bar(width: 20) == "████████  0/0  100 %")
  }

  @Test func linesNowAndThenHaveNoBar() {
    let line = ProgressLine(
      doneCount: 30, totalCount: 120, elapsed: 10, cell: "back\u{1b}door/krum")
    #expect(
      line.plain(unit: "rounds") == " 30/120 rounds   25 %  30 s left  back\\u{1b}door/krum")
    let end = ProgressLine(doneCount: 2, totalCount: 2, elapsed: 61, cell: "")
    #expect(end.plain(unit: "trials") == "2/2 trials  100 %  done in 1 min 01 s")
  }

  @Test func logLinesStandAlone() {
    let line = ProgressLine(
      doneCount: 7, totalCount: 120, elapsed: 14, cell: "back\u{1b}door/krum axis=1")
    #expect(
      line.logLine(outcome: "ok", seed: 3, seconds: 1.96)
        == "[  7/120] ok back\\u{1b}door/krum axis=1 seed=3 in 2.0 s, 3 min 46 s left")
  }

  @Test func moreDoneThanThereIsTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = ProgressLine(doneCount: 2, totalCount: 1, elapsed: 0, cell: "")
    }
  }
}
