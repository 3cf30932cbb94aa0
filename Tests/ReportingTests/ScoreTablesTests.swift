import Markup
import Results
import Studies
import Testing
import _TestSupport

@testable import Reporting

@Suite struct ScoreTablesTests {
  @Test func everyKindOfCell() {
    var records = Fixtures.matrix(defenses: ["mean", "median", "krum", "trimmed-mean"])
    records.removeAll { $0.attack == "none" && $0.defense == "trimmed-mean" }
    for index in records.indices
    where records[index].attack == "backdoor" && records[index].defense == "trimmed-mean" {
      records[index].status = .timeout
      records[index].message = "took more than 60 s"
    }
    records.append(
      Fixtures.record("implied", "mean", metrics: ["accuracy.final": 0.5], isImplied: true))
    let text = ScoreTables(
      records, scores: Fixtures.scores, attackOrder: ["backdoor", "none", "absent"],
      defenseOrder: ["krum"]
    ).text()
    let difference = Goldens.difference(text, from: "every-kind-of-cell.txt")
    #expect(difference == nil)
  }

  @Test func columnsWrapAtTheWidth() {
    let defenses = ["mean", "median", "trimmed-mean", "multi-krum", "norm-clipping", "nnm+median"]
    let tables = ScoreTables(Fixtures.matrix(defenses: defenses), scores: Fixtures.scores)
    let difference = Goldens.difference(tables.text(width: 60), from: "wrapped.txt")
    #expect(difference == nil)
    for width in [40, 60, 100] {
      for line in tables.text(width: width).split(separator: "\n") {
        #expect(Printable.width(String(line)) <= width, "\(line)")
      }
    }
  }

  @Test func sixDefensesFitIntoOneTableOfAHundredColumns() {
    let defenses = ["mean", "median", "trimmed-mean", "krum+nnm", "multi-krum", "norm-clipping"]
    let records = Fixtures.matrix(defenses: defenses).map { record in
      var record = record
      if record.attack == "none" { record.flags.append("few-seeds") }
      return record
    }
    let text = ScoreTables(records, scores: [Fixtures.scores[0]]).text()
    let header = text.split(separator: "\n")[1]
    #expect(header.split(separator: " ").map(String.init) == defenses)
    #expect(text.split(separator: "\n").allSatisfy { Printable.width(String($0)) <= 100 })
  }

  @Test func oneTablePerScoreWithARowPerValueOfTheAxes() {
    let records = ["0.3", "0.05", "0.2"].flatMap {
      Fixtures.matrix(defenses: ["mean"], axes: ["threat.malicious": $0, "partition": "iid"])
    }
    let text = ScoreTables(records, scores: [Fixtures.scores[0]]).text()
    let difference = Goldens.difference(text, from: "axes.txt")
    #expect(difference == nil)
  }

  @Test func colorsFollowTheDefendersInterest() {
    let records = Fixtures.matrix(defenses: ["mean", "median", "trimmed-mean"])
    var scores = Fixtures.scores
    scores[0].bounds = Score.highBounds
    scores[1].bounds = Score.lowBounds
    let tables = ScoreTables(records, scores: scores)
    let difference = Goldens.difference(tables.text(color: true), from: "colored.txt")
    #expect(difference == nil)
    #expect(!tables.text().contains("\u{1b}"))
    let plain = tables.text(color: true)
      .replacing(/\u{1b}\[[0-9;]*m/, with: "")
      .replacing(/[ ]+\n/, with: "\n")
    #expect(plain == tables.text())
  }

  @Test func hostileNamesCannotReachTheTerminal() {
    let records = [
      Fixtures.record(
        "\u{1b}[2Jattack\n", "de\u{7}fense\u{202e}", metrics: ["accuracy.final": 0.5, "x": 1],
        flags: ["a\u{1b}b"]),
      Fixtures.record(
        "other", "de\u{7}fense\u{202e}", status: .error, message: "\u{1b}]0;title\u{7}"),
      Fixtures.record("third", "de\u{7}fense\u{202e}", metrics: ["accuracy.final": 0.5]),
    ]
    let text = ScoreTables(records, scores: [Fixtures.scores[0]]).text()
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x7F })
    #expect(!text.unicodeScalars.contains("\u{202e}"))
    #expect(text.contains(#"\u{1b}[2Jattack\u{a}"#))
    #expect(text.contains(#"\u{1b}]0;title\u{7}"#))
  }

  @Test func aScoreThatNoCellHasIsANoteAndNoTable() {
    let records = ["a", "b"].map { attack in
      Fixtures.record(
        attack, "d", metrics: ["accuracy.final": 0.5, "asr.final": nil],
        absent: ["asr.final": "nobody has a backdoor"])
    }
    let scores = Array(Fixtures.scores.prefix(2))
    let text = ScoreTables(records, scores: scores).text()
    #expect(!text.contains("attack success rate"))
    #expect(text.contains("–  asr.final: nobody has a backdoor (all cells)"))
    // Where one failed, the table tells which.
    let failed = records + [Fixtures.record("c", "d", status: .error, message: "no")]
    #expect(ScoreTables(failed, scores: scores).text().contains("attack success rate"))
  }

  @Test func nothingToShow() {
    #expect(ScoreTables([], scores: Fixtures.scores).text() == "There are no trials to show.\n")
  }

  @Test func theLastTrialOfASeedCounts() {
    let records = [
      Fixtures.record("a", "d", status: .error, message: "first try"),
      Fixtures.record("a", "d", metrics: ["accuracy.final": 0.25]),
    ]
    let text = ScoreTables(records, scores: [Fixtures.scores[0]]).text()
    #expect(
      text == """
        accuracy (final) · higher is better for the defender · 1 seed
           d
        a  0.250!

        !  few-seeds: a/d (1 seed)
        !  not-adaptive: a/d

        """)
  }
}
