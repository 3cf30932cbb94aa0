import Gating
import Markup
import Testing
import _TestSupport

@testable import Reporting

@Suite struct GateMarkdownTests {
  @Test func everyVerdict() {
    let text = GateMarkdown(GateFixtures.everything).text
    let difference = Goldens.difference(text, from: "gate.md")
    #expect(difference == nil)
  }

  @Test func axesHaveTablesOfTheirOwn() {
    let axes = ["0.1", "0.2"].map { ["threat.malicious": $0] }
    let worse = GateFixtures.finding(
      "alie", "median", axes: axes[1], verdict: .regression, baseline: 0.76, current: 0.5)
    let report = GateFixtures.report(
      attacks: ["none", "alie"], defenses: ["mean", "median"], axes: axes, except: [worse])
    let difference = Goldens.difference(GateMarkdown(report).text, from: "gate-axes.md")
    #expect(difference == nil)
  }

  @Test func nothingCompared() {
    #expect(
      GateMarkdown(GateFixtures.empty).text == """
        ### ❌ gauntlet gate incomplete: nothing was compared

        Scenario `core`, results `results` against `Baselines/core.json`.

        """)
  }

  @Test(arguments: [
    (GateOutcome.passed, "✅"), (.regressed, "❌"), (.uncertain, "⚠️"), (.improved, "⚠️"),
    (.incomplete, "❌"),
  ]) func theHeadlineShowsTheOutcome(outcome: GateOutcome, mark: String) {
    let text = GateMarkdown(GateFixtures.everything, outcome: outcome).text
    #expect(text.hasPrefix("### \(mark) gauntlet gate "))
  }

  @Test func hostileNamesStayInTheirCells() {
    let text = GateMarkdown(GateFixtures.hostile).text
    let difference = Goldens.difference(text, from: "gate-hostile.md")
    #expect(difference == nil)
    #expect(!text.contains("<img"))
    #expect(!text.contains("\u{1b}"))
    #expect(!text.contains("\n::error"))
    // All rows of a table have as many cells as its header.
    var width: Int?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("|") else {
        width = nil
        continue
      }
      let cells = line.count { $0 == "|" }
      #expect(cells == width ?? cells, "\(line)")
      width = cells
    }
  }

  @Test func fiftyThousandFindingsFit() throws {
    var report = GateFixtures.report(
      attacks: (1...250).map { "attack-with-a-long-name-\($0)" },
      defenses: (1...100).map { "defense-\($0)" })
    for index in report.findings.indices where index % 3 > 0 {
      report.findings[index].verdict = .regression
      report.findings[index].current = 0.01
      report.findings[index].worsening = Double(index)
    }
    report.claims = GateFixtures.claims
    report.visibility = GateFixtures.everything.visibility
    #expect(report.findings.count == 50_000)
    let text = GateMarkdown(report).text
    #expect(text.utf8.count <= 900 * 1024)
    #expect(text.utf8.count > 800 * 1024)
    let lines = text.split(separator: "\n")
    let regressions = lines.count { $0.hasPrefix("| 🟥 | `attack") }
    let leftOut = try #require(text.firstMatch(of: /_(\d+) more rows left out for length._/))
    #expect(regressions + (Int(leftOut.1) ?? 0) == report.count(.regression))
    #expect(lines.filter { $0.hasPrefix("| ") }.allSatisfy { $0.hasSuffix(" |") })
    // What matters most is there in spite of them.
    #expect(text.contains("#### Broken claims"))
    #expect(text.contains("What the gate could see"))
    #expect(text.contains("gauntlet baseline accept"))
    let worst = report.findings.last { $0.verdict == .regression }
    let first = try #require(lines.first { $0.hasPrefix("| 🟥 | `attack") })
    #expect(first.contains("`\(worst?.attack ?? "")`"))
  }

  @Test func longNamesAndManyOfEverythingFit() {
    let long = String(repeating: "|", count: 2000)
    var report = GateFixtures.empty
    report.scenario = long
    report.resultsPath = long
    report.findings = (1...200).map {
      GateFixtures.finding("\(long)\($0)", long, verdict: .regression, reason: long)
    }
    report.claims = (1...200).map {
      GateFixtures.claim("\($0)\(long)", long, 0.1, verdict: .broken, source: long, reason: long)
    }
    report.warnings = (1...200).map { "\($0)\(long)" }
    report.extraCells = [long]
    let text = GateMarkdown(report, limit: 16 * 1024).text
    #expect(text.utf8.count <= 16 * 1024)
    #expect(text.contains("#### Broken claims"))
    #expect(text.contains("_2 sections left out for length._"))
  }

  @Test func sectionsGiveWayRowByRow() {
    let section = MarkdownSection(
      ["head"], rows: ["0123456789", "abcdefghij", "ABCDEFGHIJ"], tail: ["tail"])
    var budget = 1000
    #expect(section.text(budget: &budget) == "head\n0123456789\nabcdefghij\nABCDEFGHIJ\ntail\n")
    #expect(budget == 1000 - 43)
    budget = 112
    #expect(
      section.text(budget: &budget)
        == "head\n0123456789\nabcdefghij\n\n_1 more row left out for length._\ntail\n")
    #expect(budget >= 0)
    budget = 50
    #expect(section.text(budget: &budget) == "")
    #expect(budget == 50)
  }

  @Test(arguments: [
    ("alie", "`alie`"), ("ipm-0.5", "`ipm-0.5`"), ("a|b", "<code>a&#124;b</code>"),
    ("`", "<code>&#96;</code>"), ("<b>", "<code>&lt;b&gt;</code>"), ("", ""),
    ("a\nb", #"<code>a&#92;u&#123;a&#125;b</code>"#),
  ]) func codeIsEscaped(text: String, expected: String) {
    #expect(MarkdownText.code(text) == expected)
  }

  @Test func successOnADeadModelIsNeitherRedNorGreen() {
    var report = GateFixtures.empty
    report.findings = [
      GateFixtures.finding("flip", "mean", metric: "asr.final", baseline: 0, current: 0),
      GateFixtures.finding("flip", "krum", metric: "asr.final", baseline: 0, current: 0),
    ]
    report.findings[0].voidReason = "void: the model is dead"
    report.claims = [
      GateFixtures.claim("c", "flip/mean", 0.1, verdict: .void, value: 0, reason: "void: why")
    ]
    let text = GateMarkdown(report).text
    #expect(text.hasPrefix("### ❌ gauntlet gate failed: 1 void claim, 2 checks identical\n"))
    #expect(text.contains("| **mean** | ⬛ void |"))
    #expect(text.contains("| **krum** | 🟩 0.00 |"))
    #expect(text.contains("#### Broken claims"))
    #expect(text.contains("| 🟥 void | `c` |"))
    #expect(GateText(report).text.contains("\n  void  c  flip/mean asr.final: 0 over 5 seeds;"))
    #expect(GateJUnit(report).text.contains("<failure type=\"void-claim\""))
    #expect(GateJSON(report).text.contains("\"void\":1"))
    #expect(GateAnnotations(report).text.contains("title=void claim%3A c::"))
  }

  @Test func aVoidClaimThatIsKnownToFailFails() {
    let claim = GateFixtures.claim(
      "c", "flip/mean", 0.1, verdict: .void, value: 0, isKnownToFail: true, reason: "void: why")
    #expect(ClaimStanding(claim) == .knownToFail)
  }

  @Test func squaresFollowTheDefendersInterest() {
    let (accuracy, asr) = (GateHeatmap.all[0], GateHeatmap.all[1])
    #expect([0.95, 0.9, 0.7951, 0.65, 0.1].map(accuracy.square) == ["🟩", "🟩", "🟨", "🟧", "🟥"])
    #expect([0.05, 0.1, 0.25, 0.5, 0.9].map(asr.square) == ["🟩", "🟩", "🟨", "🟧", "🟥"])
  }
}
