import Gating

/// What the gate made of one fault.
struct FaultTableRow {
  private let fault: String
  private let effect: String
  private let exact: String
  private let statistical: String

  /// - Parameters:
  ///   - fault: The fault.
  ///   - changedCount: The number of checks that are not identical to the bit.
  ///   - report: The statistical gate.
  init(_ fault: Fault, changedCount: Int, report: GateReport) {
    self.fault = fault.summary
    exact = "\(changedCount) checks"
    let counts = [
      (CheckVerdict.regression, "worse"), (.improved, "better"),
      (.inconclusive, "inconclusive"),
    ]
    .map { ($1, report.count($0)) }.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
    let verdict = report.outcome() == .regressed ? "red: " : "green: "
    statistical = verdict + (counts.isEmpty ? "all pass" : counts.joined(separator: ", "))
    // Metrics differ in what counts as much: effects are compared in units of the tolerance.
    let largest = report.findings.filter { ($0.worsening ?? 0) != 0 }.max {
      ($0.worsening ?? 0).magnitude / $0.tolerance < ($1.worsening ?? 0).magnitude / $1.tolerance
    }
    effect =
      largest.map { finding in
        let change = (finding.current ?? 0) - (finding.baseline ?? 0)
        return "\(finding.metric) of \(finding.cell) \(Self.signed(change))"
          + " (tolerance \(finding.tolerance))"
      } ?? "no gated metric changed"
  }

  /// A Markdown table.
  static func text(_ rows: [FaultTableRow]) -> String {
    let lines = rows.map { "| \($0.fault) | \($0.effect) | \($0.exact) | \($0.statistical) |" }
    return (["| fault | largest effect | --exact | gate |", "|---|---|---|---|"] + lines)
      .joined(separator: "\n")
  }

  private static func signed(_ value: Double) -> String {
    let thousandths = (value.magnitude * 1000).rounded()
    let digits = "\(Int(thousandths) % 1000)"
    let padding = String(repeating: "0", count: 3 - digits.count)
    return (value < 0 ? "-" : "+") + "\(Int(thousandths) / 1000)." + padding + digits
  }
}
