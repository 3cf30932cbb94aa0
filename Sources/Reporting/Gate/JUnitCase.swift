import Gating
import Markup

/// One test case of a JUnit file.
struct JUnitCase: Sendable {
  enum Outcome: Sendable {
    /// Passed, with a remark or without.
    case passed(String?)
    case skipped(String)
    case failed(type: String, String)
    case error(type: String, String)
  }

  var className: String
  var name: String
  var file: String?
  var outcome: Outcome

  /// The element in one line.
  var text: String {
    let place = file.map { " file=\"\(XMLText.attribute($0))\"" } ?? ""
    let start =
      "    <testcase classname=\"\(XMLText.attribute(className))\""
      + " name=\"\(XMLText.attribute(name))\"\(place)"
    guard let child else { return start + "/>\n" }
    return start + ">\(child)</testcase>\n"
  }

  private var child: String? {
    switch outcome {
    case .passed(let remark):
      remark.map { "<system-out>\(XMLText.content($0))</system-out>" }
    case .skipped(let message): "<skipped message=\"\(XMLText.attribute(message))\"/>"
    case .failed(let type, let message):
      "<failure type=\"\(type)\" message=\"\(XMLText.attribute(message))\"/>"
    case .error(let type, let message):
      "<error type=\"\(type)\" message=\"\(XMLText.attribute(message))\"/>"
    }
  }
}

extension JUnitCase {
  /// The case of a check.
  init(_ finding: Finding, in report: GateReport) {
    className = "gauntlet.\(report.scenario).\(finding.defense)"
    name = "\(finding.cell) \(finding.metric)"
    file = report.baselinePath
    let message = finding.message
    switch finding.verdict {
    case .identical, .pass: outcome = .passed(nil)
    case .improved: outcome = .passed("improved: \(message)")
    case .regression: outcome = .failed(type: "regression", message)
    case .inconclusive: outcome = .skipped("inconclusive: \(message)")
    case .missing:
      outcome =
        report.policy.missing == .fail
        ? .error(type: "missing", message) : .skipped("missing: \(message)")
    case .incomparable: outcome = .error(type: "incomparable", message)
    }
  }

  /// The case of a bound of a claim.
  init(_ claim: ClaimFinding, in report: GateReport, file: String?) {
    className = "gauntlet.\(report.scenario).claims"
    name = "\(claim.claim): \(claim.subject) \(claim.metric) \(claim.claimed)"
    self.file = file
    let standing = ClaimStanding(claim)
    let message = claim.message
    switch standing {
    case .holds: outcome = .passed(nil)
    case .holdsAfterAll: outcome = .passed("\(standing.word): \(message)")
    case .broken: outcome = .failed(type: "broken-claim", message)
    case .void: outcome = .failed(type: "void-claim", message)
    case .missing: outcome = .error(type: "missing", message)
    case .inconclusive, .knownToFail: outcome = .skipped("\(standing.word): \(message)")
    }
  }
}
