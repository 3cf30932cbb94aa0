public import Gating
import Markup

/// A gate as a JUnit file: one test case per cell and metric, and per bound of a claim.
///
/// Regressions and broken claims are failures; inconclusive checks and claims known to fail are
/// skipped; missing and incomparable numbers are errors, but skipped where the policy lets them
/// pass. An improvement passes with a remark.
public struct GateJUnit: Sendable {
  public var report: GateReport
  /// The file of the claims as the user wrote it.
  public var claimsPath: String?

  /// Prepares the file of a report.
  public init(_ report: GateReport, claimsPath: String? = nil) {
    self.report = report
    self.claimsPath = claimsPath
  }

  /// The XML text, ending in a line feed.
  ///
  /// Edge cases: where nothing was compared, or the policy forbids extra cells, a case of the name
  /// `gate` says so as an error, since no other case would; characters that XML forbids are dropped
  /// from names.
  public var text: String {
    let cases =
      report.findings.map { JUnitCase($0, in: report) }
      + report.claims.map { JUnitCase($0, in: report, file: claimsPath) } + gate
    var failures = 0
    var errors = 0
    var skipped = 0
    for testCase in cases {
      switch testCase.outcome {
      case .passed: break
      case .failed: failures += 1
      case .error: errors += 1
      case .skipped: skipped += 1
      }
    }
    let counts =
      "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
      + " skipped=\"\(skipped)\""
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites name=\"gauntlet gate\" \(counts)>\n"
    text += "  <testsuite name=\"\(XMLText.attribute(report.scenario))\" \(counts)>\n"
    text += properties
    for testCase in cases { text += testCase.text }
    return text + "  </testsuite>\n</testsuites>\n"
  }

  private var properties: String {
    var values = [("results", report.resultsPath), ("exact", "\(report.isExact)")]
    if let path = report.baselinePath { values.insert(("baseline", path), at: 0) }
    let lines = values.map {
      "      <property name=\"\($0.0)\" value=\"\(XMLText.attribute($0.1))\"/>\n"
    }
    return "    <properties>\n" + lines.joined() + "    </properties>\n"
  }

  /// What makes the gate red and is no check.
  private var gate: [JUnitCase] {
    var messages: [String] = []
    if report.comparedCount == 0 { messages.append("nothing was compared") }
    if report.policy.extra == .fail && !report.extraCells.isEmpty {
      messages.append(report.extraCellsText)
    }
    guard !messages.isEmpty else { return [] }
    return [
      JUnitCase(
        className: "gauntlet.\(report.scenario)", name: "gate", file: report.baselinePath,
        outcome: .error(type: "incomplete", messages.joined(separator: "; ")))
    ]
  }
}
