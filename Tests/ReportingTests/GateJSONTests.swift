import Foundation
import Gating
import Results
import Testing
import _TestSupport

@testable import Reporting

@Suite struct GateJSONTests {
  private func decoded(_ report: GateReport) throws -> [String: JSONValue] {
    let data = Data(GateJSON(report).text.utf8)
    return try JSONDecoder().decode([String: JSONValue].self, from: data)
  }

  @Test func everyVerdict() throws {
    let difference = Goldens.difference(
      GateJSON(GateFixtures.everything).text, from: "gate.json")
    #expect(difference == nil)
    let report = try decoded(GateFixtures.everything)
    #expect(report["outcome"] == ["name": "regressed", "exit_code": 2])
    #expect(report["schema"] == "gauntlet/gate/1")
  }

  @Test func oneFindingPerLine() throws {
    let report = GateFixtures.everything
    let lines = GateJSON(report).text.split(separator: "\n")
    for finding in report.findings {
      let fingerprint = "\"fingerprint\":\"core/\(finding.cell)/\(finding.metric)\""
      #expect(lines.count { $0.contains(fingerprint) } == 1, "\(fingerprint)")
    }
  }

  @Test func emptyListsAndTheOutcomeOfTheCommand() throws {
    let report = try decoded(GateFixtures.empty)
    #expect(report["findings"] == [])
    #expect(report["outcome"] == ["name": "incomplete", "exit_code": 5])
    var claimsOnly = GateFixtures.empty
    claimsOnly.baselinePath = nil
    #expect(try decoded(claimsOnly)["baseline"] == .some(.null))
    let text = GateJSON(GateFixtures.everything, outcome: .uncertain).text
    #expect(text.contains(#""outcome": {"exit_code":3,"name":"uncertain"}"#))
  }

  @Test func numbersThatJSONHasNotAreNull() throws {
    var report = GateFixtures.empty
    report.findings = [
      GateFixtures.finding(
        "a", "d", verdict: .inconclusive, baseline: .nan, current: -.infinity,
        interval: -.infinity...(.infinity), tolerance: .infinity, pValue: .nan)
    ]
    let findings = try #require(try decoded(report)["findings"])
    guard case .array(let members) = findings, case .object(let first) = members.first else {
      Issue.record("findings are \(findings)")
      return
    }
    for key in ["baseline", "current", "worsening", "tolerance", "p", "reason", "line"] {
      #expect(first[key] == .some(.null), "\(key)")
    }
    #expect(first["interval"] == [nil, nil])
  }

  @Test func hostileNamesComeBack() throws {
    let report = GateFixtures.hostile
    #expect(try decoded(report)["extra_cells"] == JSONValue(report.extraCells))
    #expect(try decoded(report)["warnings"] == JSONValue(report.warnings))
  }

  @Test func membersOfListsAreCanonical() throws {
    let report = GateFixtures.everything
    let lines =
      report.findings.map { $0.json(scenario: "core").text } + report.claims.map(\.json.text)
      + report.visibility.map(\.json.text)
    for line in lines {
      let value = try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
      #expect(CanonicalJSON.string(value) == line)
    }
  }
}
