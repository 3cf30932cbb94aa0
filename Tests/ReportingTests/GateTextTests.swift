import Gating
import Markup
import Testing
import _TestSupport

@testable import Reporting

@Suite struct GateTextTests {
  @Test(arguments: [60, 100]) func everyVerdict(width: Int) {
    let text = GateText(GateFixtures.everything, width: width).text
    let difference = Goldens.difference(text, from: "gate-\(width).txt")
    #expect(difference == nil)
    for line in text.split(separator: "\n") {
      #expect(Printable.width(String(line)) <= width, "\(line)")
    }
  }

  @Test func verboseListsWhatPassed() {
    let text = GateText(GateFixtures.everything, width: 100, isVerbose: true).text
    let difference = Goldens.difference(text, from: "gate-verbose.txt")
    #expect(difference == nil)
  }

  @Test func colorsOnlyColor() {
    let report = GateFixtures.everything
    let colored = GateText(report, color: true).text
    #expect(colored.contains("\u{1b}[31malie/median\u{1b}[0m"))
    #expect(colored.replacing(/\u{1b}\[[0-9;]*m/, with: "") == GateText(report).text)
    #expect(!GateText(report).text.contains("\u{1b}"))
  }

  @Test func allIdentical() {
    let report = GateFixtures.report(attacks: ["none", "alie"], defenses: ["mean", "krum"])
    #expect(GateText(report).text == "gate passed: 8 checks identical\n")
    #expect(
      GateText(report).line == "gate: passed, 8 of 8 checks identical to Baselines/core.json")
    var exact = report
    exact.isExact = true
    exact.claims = [GateFixtures.claims[0]]
    #expect(
      GateText(exact).line
        == "exact gate: passed, 8 of 8 checks identical to Baselines/core.json, 1 of 1 claim held")
  }

  @Test func oneLineTellsWhatIsWrong() {
    var report = GateFixtures.everything
    #expect(
      GateText(report).line
        == "gate: failed, 3 regressions, 1 broken claim, 6 missing, 1 claim without numbers, "
        + "1 incomparable, 1 inconclusive, 1 inconclusive claim, 1 improved, "
        + "1 claim known to fail, 12 of 24 checks passed against Baselines/core.json, "
        + "2 of 6 claims held, 7 extra cells, 1 warning")
    report.findings = []
    report.claims = [GateFixtures.claims[0]]
    report.extraCells = []
    report.warnings = []
    #expect(GateText(report).line == "gate: passed, 1 of 1 claim held")
  }

  @Test func nothingComparedIsNoPass() {
    #expect(GateText(GateFixtures.empty).text == "gate incomplete: nothing was compared\n")
    #expect(GateText(GateFixtures.empty).line == "gate: incomplete, nothing was compared")
  }

  @Test(arguments: [
    (GateOutcome.passed, "gate passed"), (.regressed, "gate failed"),
    (.uncertain, "gate undecided"), (.improved, "gate stale"), (.incomplete, "gate incomplete"),
  ]) func theOutcomeOfTheCommandCounts(outcome: GateOutcome, start: String) {
    let text = GateText(GateFixtures.everything, outcome: outcome).text
    #expect(text.hasPrefix(start + ":"))
  }

  @Test func hostileNamesCannotReachTheTerminal() {
    for width in [40, 100] {
      let text = GateText(GateFixtures.hostile, width: width, isVerbose: true).text
      #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0 != "\u{7f}" })
      #expect(!text.unicodeScalars.contains("\u{202e}"))
    }
    #expect(!GateText(GateFixtures.hostile).line.contains("\n"))
  }

  @Test func longListsEndWithACount() {
    let findings = (1...100).map {
      GateFixtures.finding("a\($0)", "d", verdict: .regression, current: 0.5)
    }
    var report = GateFixtures.empty
    report.findings = findings
    #expect(GateText(report).text.contains("\n  and 60 more (-v lists them)\n"))
    let verbose = GateText(report, isVerbose: true).text
    #expect(findings.allSatisfy { verbose.contains("  \($0.cell) ") })
  }

  @Test func theWorstComesFirstInTolerances() {
    let findings = [
      GateFixtures.finding("small", "d", verdict: .regression, current: 0.85),
      GateFixtures.finding("wide", "d", verdict: .regression, current: 0.5, tolerance: 0.3),
      GateFixtures.finding("broken", "d", verdict: .regression, current: nil, reason: "null"),
      GateFixtures.finding("strict", "d", verdict: .regression, current: 0.89, tolerance: 0),
      GateFixtures.finding("nan", "d", verdict: .regression, current: .nan),
      GateFixtures.finding("large", "d", verdict: .regression, current: 0.4),
    ]
    #expect(
      GateRanking.worstFirst(findings).map(\.attack)
        == ["broken", "strict", "large", "small", "wide", "nan"])
    #expect(
      GateRanking.bestFirst(findings).map(\.attack)
        == ["nan", "wide", "small", "large", "strict", "broken"])
  }
}
