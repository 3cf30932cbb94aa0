import Gating
import Testing

@testable import Reporting

@Suite struct CellGroupsTests {
  private static let attacks = ["none", "alie", "backdoor"]
  private static let defenses = ["mean", "median", "krum"]
  private static let axes = ["0.1", "0.2"].map { ["threat.malicious": $0] }

  /// The groups of a report that lacks some checks.
  private func groups(
    axes: [[String: String]] = [[:]], reason: (Finding) -> String = { _ in "gone" },
    lacking: (Finding) -> Bool
  ) -> [String] {
    var report = GateFixtures.report(
      attacks: Self.attacks, defenses: Self.defenses, axes: axes)
    for index in report.findings.indices where lacking(report.findings[index]) {
      report.findings[index].verdict = .missing
      report.findings[index].reason = reason(report.findings[index])
    }
    return CellGroups(report, .missing).groups.map {
      "\($0.cells) | \($0.metrics) | \($0.message) | \($0.cellCount)/\($0.checkCount)"
    }
  }

  @Test func nothingMissing() {
    #expect(groups { _ in false } == [])
  }

  @Test func everythingMissing() {
    #expect(groups { _ in true } == ["all cells (9 cells) | all metrics | gone | 9/18"])
  }

  @Test func rowsAndColumnsCollapse() {
    #expect(
      groups { $0.defense == "krum" || $0.cell == "alie/mean" }
        == ["*/krum (3 cells), alie/mean | all metrics | gone | 4/8"])
    #expect(
      groups { $0.attack == "alie" } == ["alie/* (3 cells) | all metrics | gone | 3/6"])
  }

  @Test func oneMetricIsNotAll() {
    #expect(
      groups { $0.metric == "asr.final" && $0.attack == "none" }
        == ["none/* (3 cells) | asr.final ↓ | gone | 3/3"])
  }

  @Test func reasonsStayApart() {
    #expect(
      groups(reason: { "no \($0.attack)" }) { $0.defense == "mean" && $0.attack != "none" } == [
        "alie/mean | all metrics | no alie | 1/2",
        "backdoor/mean | all metrics | no backdoor | 1/2",
      ])
  }

  @Test func axesCollapseFromTheLargestSetDown() {
    let found = groups(axes: Self.axes) {
      $0.defense == "krum" || $0.axes["threat.malicious"] == "0.2" && $0.attack == "alie"
        || $0.cell == "none/mean threat.malicious=0.1"
    }
    #expect(
      found == [
        "*/krum (6 cells), none/mean threat.malicious=0.1, alie/mean threat.malicious=0.2, "
          + "alie/median threat.malicious=0.2 | all metrics | gone | 9/18"
      ])
    #expect(
      groups(axes: Self.axes) { $0.axes["threat.malicious"] == "0.2" }
        == ["*/* threat.malicious=0.2 (9 cells) | all metrics | gone | 9/18"])
  }

  @Test func longListsOfCellsEndWithACount() {
    var report = GateFixtures.empty
    report.findings = (1...20).flatMap { index in
      [
        GateFixtures.finding("a\(index)", "d\(index)", verdict: .missing, reason: "gone"),
        GateFixtures.finding("a\(index)", "e", verdict: .identical),
      ]
    }
    #expect(
      CellGroups(report, .missing).groups.map(\.cells)
        == ["a1/d1, a2/d2, a3/d3, a4/d4, a5/d5, a6/d6, a7/d7, a8/d8 and 12 more cells"])
  }
}
