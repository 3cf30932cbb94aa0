public import Gating
import Results

/// The machine-readable form of a gate, schema `gauntlet/gate/1`.
///
/// One JSON object with `schema`, `outcome` (`name`, `exit_code`), `scenario`, `baseline`,
/// `results`, `exact`, `policy`, `counts` (checks by verdict), `claim_counts`, `findings`,
/// `claims`, `visibility`, `extra_cells`, `warnings` and `notes`, in this order. Members of the lists are
/// canonical JSON (sorted keys), one per line, so that two reports differ in the lines of what
/// changed.
///
/// A finding's `fingerprint` is `scenario/cell/metric`: it names the same check in every report.
/// `null` stands for a number that is not there, or that is not finite: JSON has no other.
public struct GateJSON: Sendable {
  public var report: GateReport
  /// How the gate ends.
  public var outcome: GateOutcome

  /// Prepares the JSON of a report.
  ///
  /// Without an outcome the gate ends as the report says by itself, without options of a command.
  public init(_ report: GateReport, outcome: GateOutcome? = nil) {
    self.report = report
    self.outcome = outcome ?? report.outcome()
  }

  /// The JSON text, ending in a line feed.
  public var text: String {
    let members: [(key: String, text: String)] = [
      ("schema", line("gauntlet/gate/1")),
      ("outcome", line(["name": .string(outcome.name), "exit_code": .integer(outcome.rawValue)])),
      ("scenario", line(.string(report.scenario))),
      ("baseline", line(JSONValue(report.baselinePath))),
      ("results", line(.string(report.resultsPath))),
      ("exact", line(.bool(report.isExact))),
      ("policy", line(policy)),
      ("counts", line(counts)),
      ("claim_counts", line(claimCounts)),
      ("findings", list(report.findings.map { $0.json(scenario: report.scenario).text })),
      ("claims", list(report.claims.map(\.json.text))),
      ("visibility", list(report.visibility.map(\.json.text))),
      ("extra_cells", list(report.extraCells.map { line(.string($0)) })),
      ("warnings", list(report.warnings.map { line(.string($0)) })),
      ("notes", list(report.notes.map { line(.string($0)) })),
    ]
    let lines = members.map { "  \"\($0.key)\": \($0.text)" }
    return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
  }

  private var policy: JSONValue {
    [
      "missing": .string(report.policy.missing.rawValue),
      "extra": .string(report.policy.extra.rawValue),
      "inconclusive": .string(report.policy.inconclusive.rawValue),
    ]
  }

  private var counts: JSONValue {
    let found = report.findings.reduce(into: [:]) { $0[$1.verdict, default: 0] += 1 }
    return .object(
      .init(
        uniqueKeysWithValues: CheckVerdict.allCases.map {
          ($0.rawValue, .integer(found[$0] ?? 0))
        }))
  }

  private var claimCounts: JSONValue {
    let found = report.claims.reduce(into: [:]) { $0[$1.verdict, default: 0] += 1 }
    return .object(
      .init(
        uniqueKeysWithValues: ClaimFinding.Verdict.allCases.map {
          ($0.rawValue, .integer(found[$0] ?? 0))
        }))
  }

  private func line(_ value: JSONValue) -> String { CanonicalJSON.string(value) }

  private func list(_ lines: [String]) -> String {
    guard !lines.isEmpty else { return "[]" }
    return "[\n" + lines.map { "    " + $0 }.joined(separator: ",\n") + "\n  ]"
  }
}
