import Gating
import Markup
import Studies

/// What a gate says about the results: how they stand against a baseline.
struct BaselineSection {
  let page: StudyPage
  let report: GateReport

  func html() -> HTML {
    var content: [HTML] = [
      .tag(
        "p", [:],
        .foreign(
          "Compared with \(report.baselinePath ?? "claims"): "
            + CheckVerdict.allCases.compactMap { verdict in
              let count = report.count(verdict)
              return count > 0 ? "\(count) \(verdict.rawValue)" : nil
            }.joined(separator: ", ") + "."))
    ]
    content += (report.warnings + report.notes).prefix(20).map {
      .tag("p", [:], .foreign($0, limit: 1000))
    }
    let changed = report.findings.filter { $0.verdict != .identical && $0.verdict != .pass }
      .sorted { Self.rank($0) < Self.rank($1) }
    let shown = changed.prefix(Self.mostRows)
    if !shown.isEmpty { content.append(table(Array(shown))) }
    if changed.count > shown.count {
      content.append(
        .tag("p", [:], .text("And \(changed.count - shown.count) more; 'gauntlet gate' lists all."))
      )
    }
    if !report.claims.isEmpty { content.append(claims()) }
    return page.section("baseline", "Against the baseline", content)
  }

  private static let mostRows = 200

  private static func rank(_ finding: Finding) -> (Int, Double) {
    let place =
      switch finding.verdict {
      case .regression: 0
      case .incomparable: 1
      case .missing: 2
      case .inconclusive: 3
      case .improved: 4
      case .identical, .pass: 5
      }
    return (place, -(finding.worsening ?? 0))
  }

  private func table(_ findings: [Finding]) -> HTML {
    func number(_ value: Double?) -> HTML {
      .tag("td", ["class": "number"], .text(value.map { FixedPoint.text($0, 3) } ?? "–"))
    }
    let rows = findings.map { finding -> HTML in
      .tag(
        "tr", [:], .tag("td", [:], .text(finding.verdict.rawValue)),
        .tag("th", ["scope": "row"], .foreign(finding.cell)),
        .tag("td", [:], .foreign(finding.metric)), number(finding.baseline),
        number(finding.current),
        number(finding.worsening), number(finding.tolerance), number(finding.pValue),
        .tag("td", [:], .foreign(finding.reason ?? "")))
    }
    let titles = [
      "verdict", "cell", "metric", "baseline", "now", "worse by", "tolerance", "p, adjusted",
      "note",
    ]
    return .tag(
      "div", ["class": "scroll"],
      .tag(
        "table", ["class": "plain"],
        .tag(
          "thead", [:],
          .tag("tr", [:], all: titles.map { .tag("th", ["scope": "col"], .text($0)) })),
        .tag("tbody", [:], all: rows)))
  }

  private func claims() -> HTML {
    .tag(
      "ul", [:],
      all: report.claims.map { claim in
        .tag(
          "li", [:],
          .foreign(
            "\(claim.claim), \(claim.subject): \(claim.verdict.rawValue)"
              + (claim.isKnownToFail ? ", known to fail" : "")))
      })
  }
}
