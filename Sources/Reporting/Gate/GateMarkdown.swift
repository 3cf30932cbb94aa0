public import Gating
import Markup

/// The summary of a gate in GitHub's Markdown, for `$GITHUB_STEP_SUMMARY`.
///
/// GitHub drops a summary above 1024 KiB; this one stays below `limit` and says what it left out.
public struct GateMarkdown: Sendable {
  public var report: GateReport
  /// How the gate ends.
  public var outcome: GateOutcome
  /// The most bytes of UTF-8.
  public var limit: Int

  /// Prepares the summary of a report.
  ///
  /// Without an outcome the gate ends as the report says by itself, without options of a command.
  ///
  /// - Precondition: `limit` is at least 16 KiB.
  public init(_ report: GateReport, outcome: GateOutcome? = nil, limit: Int = 900 * 1024) {
    precondition(limit >= 16 * 1024, "gate summary: \(limit) bytes are too few")
    self.report = report
    self.outcome = outcome ?? report.outcome()
    self.limit = limit
  }

  /// Regressions and broken claims first, then what is missing or unclear, maps of all cells, and
  /// how to accept the change.
  ///
  /// Names are escaped and cut after 200 characters. Where the summary would exceed its limit,
  /// whole rows are left out from the end of each table, and a line says how many.
  public var text: String {
    let sections = self.sections
    var texts = [String](repeating: "", count: sections.count)
    // Room goes to what matters most, whatever its place on the page.
    var budget = limit - title.utf8.count - accept.utf8.count - sections.count - Self.noteSize
    for index in sections.indices.sorted(by: { sections[$0].rank < sections[$1].rank }) {
      texts[index] = sections[index].section.text(budget: &budget)
    }
    let lostCount = sections.indices.count {
      texts[$0].isEmpty && !sections[$0].section.rows.isEmpty
    }
    if lostCount > 0 { texts.append("_\(counted(lostCount, "section")) left out for length._\n") }
    return ([title] + texts + [accept]).filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// The sections as they follow on the page, each with its rank in the contest for room.
  private var sections: [(rank: Int, section: MarkdownSection)] {
    var sections: [(rank: Int, section: MarkdownSection)] = [
      (0, claims(title: "Broken claims") { $0 <= .void }),
      (3, findings("Regressions", .regression)),
      (4, collapsed("Missing", .missing)),
      (5, collapsed("Incomparable", .incomparable)),
      (6, findings("Inconclusive", .inconclusive)),
      (7, findings("Improved", .improved)),
      (1, remarks),
      (8, claims(title: "Claims") { $0 > .void }),
    ]
    sections += GateHeatmap.all.map { (9, $0.section(report.findings)) }
    sections.append((2, visibility))
    return sections
  }

  private var title: String {
    let mark =
      switch outcome {
      case .passed: "✅"
      case .regressed, .incomplete: "❌"
      case .uncertain, .improved: "⚠️"
      }
    var text = "### \(mark) gauntlet \(GateHeadline(report, outcome).text)\n\n"
    let sides = [report.baselinePath.map { "against \(MarkdownText.code($0))" }]
    let results = "results \(MarkdownText.code(report.resultsPath))"
    text += "Scenario \(MarkdownText.code(report.scenario)), "
    return text + ([results] + sides.compactMap(\.self)).joined(separator: " ") + ".\n"
  }

  private var accept: String {
    [
      acceptBlock("To accept the regressions", .regression),
      acceptBlock("To accept the improvements", .improved),
    ].filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func acceptBlock(_ title: String, _ verdict: CheckVerdict) -> String {
    let findings = GateRanking.worstFirst(report.findings(verdict))
    let command = AcceptCommand(findings, report)
    guard !command.lines.isEmpty else { return "" }
    // A fence is longer than any run of backticks inside.
    let runs = command.lines.joined().split { $0 != "`" }.map(\.count)
    let fence = String(repeating: "`", count: max(3, (runs.max() ?? 0) + 1))
    let rest =
      command.leftOutCount > 0
      ? "\nFor \(counted(command.leftOutCount, "further cell")): `gauntlet baseline review`.\n" : ""
    return "\(title):\n\n\(fence)sh\n\(command.lines.joined(separator: "\n"))\n\(fence)\n\(rest)"
  }

  /// No line about sections left out is longer.
  private static let noteSize = 60
}
