import Gating
import Markup

/// The outcome of a gate in one line.
struct GateHeadline: Sendable {
  private let report: GateReport
  private let outcome: GateOutcome

  init(_ report: GateReport, _ outcome: GateOutcome) {
    self.report = report
    self.outcome = outcome
  }

  /// Such as `gate passed: 378 checks identical` and
  /// `gate failed: 2 regressions, 1 inconclusive, 375 passed`.
  var text: String { "\(report.isExact ? "exact gate" : "gate") \(word): \(summary)" }

  /// Such as `gate: passed, 378 of 378 checks identical to Baselines/core.json`.
  var line: String {
    var parts = problems
    let path = report.baselinePath.map(Printable.escaped)
    let total = report.findings.count
    if total > 0 {
      let identical = report.count(.identical)
      parts.append(
        identical == total
          ? "\(total) of \(total) checks identical" + (path.map { " to \($0)" } ?? "")
          : "\(passedCount) of \(total) checks passed" + (path.map { " against \($0)" } ?? ""))
    }
    if !report.claims.isEmpty {
      parts.append("\(heldCount) of \(counted(report.claims.count, "claim")) held")
    }
    if isNothing { parts.append("nothing was compared") }
    return "\(report.isExact ? "exact gate" : "gate"): "
      + ([word] + parts + remarks).joined(separator: ", ")
  }

  /// The counts, the worst first.
  var summary: String {
    var parts = problems
    if isNothing { parts.append("nothing was compared") }
    if !report.findings.isEmpty, report.count(.identical) == report.findings.count {
      parts.append("\(counted(report.findings.count, "check")) identical")
    } else if passedCount > 0 {
      parts.append("\(passedCount) passed")
    }
    if heldCount > 0 { parts.append("\(counted(heldCount, "claim")) \(hold(heldCount))") }
    return (parts + remarks).joined(separator: ", ")
  }

  private var word: String {
    switch outcome {
    case .passed: "passed"
    case .regressed: "failed"
    case .uncertain: "undecided"
    case .improved: "stale"
    case .incomplete: "incomplete"
    }
  }

  private var isNothing: Bool { report.comparedCount == 0 }
  private var passedCount: Int { report.count(.pass) + report.count(.identical) }
  private var heldCount: Int { claimCount(.holds) + claimCount(.holdsAfterAll) }

  private var problems: [String] {
    [
      (report.count(.regression), "regression", "regressions"),
      (claimCount(.broken), "broken claim", "broken claims"),
      (claimCount(.void), "void claim", "void claims"),
      (report.count(.missing), "missing", "missing"),
      (claimCount(.missing), "claim without numbers", "claims without numbers"),
      (report.count(.incomparable), "incomparable", "incomparable"),
      (report.count(.inconclusive), "inconclusive", "inconclusive"),
      (claimCount(.inconclusive), "inconclusive claim", "inconclusive claims"),
      (report.count(.improved), "improved", "improved"),
      (claimCount(.knownToFail), "claim known to fail", "claims known to fail"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }
  }

  private var remarks: [String] {
    var parts: [String] = []
    if !report.extraCells.isEmpty { parts.append(counted(report.extraCells.count, "extra cell")) }
    if !report.warnings.isEmpty { parts.append(counted(report.warnings.count, "warning")) }
    return parts
  }

  private func claimCount(_ standing: ClaimStanding) -> Int {
    report.claims.count { ClaimStanding($0) == standing }
  }

  private func hold(_ count: Int) -> String { count == 1 ? "holds" : "hold" }
}
