import Foundation
import Gating
import Reporting
import Results

/// What a gate prints, and the files it writes.
extension GateCommand {
  /// Prints the report and writes the files; what cannot be written is told, and the rest goes on.
  ///
  /// - Returns: whether all was written.
  func write(_ report: GateReport, _ outcome: GateOutcome) -> Bool {
    let steps: [() throws -> Void] = [
      { try print(report, outcome) },
      {
        guard let junit else { return }
        try TextFile.replace(junit, with: GateJUnit(report, claimsPath: claimsPath).text)
      },
      {
        guard let summary else { return }
        try append(GateMarkdown(report, outcome: outcome).text, to: summary)
      },
    ]
    var isWritten = true
    for step in steps {
      do {
        try step()
      } catch {
        Console.error("\(error)")
        isWritten = false
      }
    }
    return isWritten
  }

  private func print(_ report: GateReport, _ outcome: GateOutcome) throws {
    let text = GateText(
      report, outcome: outcome, width: Terminal.outputWidth, color: color.isOn,
      isVerbose: verbose)
    switch format {
    case _ where quiet: try Console.print(text.line)
    case .text:
      try Console.print(text.text)
      if let hint = text.hint { Console.note("\n" + hint) }
    case .json: try Console.print(GateJSON(report, outcome: outcome).text)
    case .md: try Console.print(GateMarkdown(report, outcome: outcome).text)
    case .github:
      try Console.print(
        WorkflowLog.inert(text.text)
          + GateAnnotations(report, outcome: outcome, claimsPath: claimsPath).text)
    }
  }

  /// The file that lines of claims refer to, if there is only one.
  private var claimsPath: String? { claims.count == 1 ? claims[0] : nil }

  private func append(_ text: String, to summary: String) throws {
    guard summary == "auto" else { return try TextFile.append(text, to: summary) }
    let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"] ?? ""
    guard !path.isEmpty else {
      Console.note("--summary auto: GITHUB_STEP_SUMMARY is not set, and nothing was written")
      return
    }
    try TextFile.append(text, to: path)
  }
}
