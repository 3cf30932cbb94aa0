import Gating
import Markup

extension GateMarkdown {
  /// A table of the findings with a verdict, the most important first.
  func findings(_ title: String, _ verdict: CheckVerdict) -> MarkdownSection {
    let found = report.findings(verdict)
    let sorted =
      verdict == .improved ? GateRanking.bestFirst(found) : GateRanking.worstFirst(found)
    let columns = [
      "", "attack", "defense", "metric", "baseline", "now", "change (95 % CI)", "tolerance",
      "seeds", "p",
    ]
    return MarkdownSection(
      ["#### \(title)", ""] + MarkdownText.header(columns), rows: sorted.map(row))
  }

  /// A table of missing or incomparable cells, whole rows and columns of the matrix collapsed.
  func collapsed(_ title: String, _ verdict: CheckVerdict) -> MarkdownSection {
    let rows = CellGroups(report, verdict).groups.map {
      MarkdownText.row([
        "⬜", MarkdownText.plain($0.cells), MarkdownText.plain($0.metrics), "\($0.checkCount)",
        MarkdownText.plain($0.message),
      ])
    }
    let columns = ["", "cells", "metric", "checks", "why"]
    return MarkdownSection(["#### \(title)", ""] + MarkdownText.header(columns), rows: rows)
  }

  private func row(_ finding: Finding) -> String {
    let axes = finding.axesText.isEmpty ? "" : " " + MarkdownText.code(finding.axesText)
    let p = finding.pValue.map { Figure.p($0).replacing("= ", with: "") } ?? ""
    return MarkdownText.row([
      Self.square(finding.verdict), MarkdownText.code(finding.attack),
      MarkdownText.code(finding.defense) + axes, MarkdownText.plain(finding.arrowedMetric),
      finding.baseline.map(Figure.text) ?? "–", finding.current.map(Figure.text) ?? "–",
      change(finding), tolerance(finding), "\(finding.seeds.count)", MarkdownText.plain(p),
    ])
  }

  private func change(_ finding: Finding) -> String {
    var parts: [String] = []
    if let change = finding.change {
      let interval = finding.interval.map {
        " [\(Figure.signed($0.lowerBound)), \(Figure.signed($0.upperBound))]"
      }
      parts.append(Figure.signed(change) + (interval ?? ""))
    }
    if let more = finding.moreSeeds, finding.verdict == .inconclusive {
      parts.append(
        more > 1000
          ? "more than 1000 further seeds would settle it"
          : "about \(counted(more, "more seed")) would settle it")
    }
    if let reason = finding.reason { parts.append(MarkdownText.plain(reason)) }
    return parts.joined(separator: "<br>")
  }

  private func tolerance(_ finding: Finding) -> String {
    let text = Figure.text(finding.tolerance)
    return finding.override.map { "\(text)<br>override: \(MarkdownText.plain($0))" } ?? text
  }

  private static func square(_ verdict: CheckVerdict) -> String {
    switch verdict {
    case .regression: "🟥"
    case .inconclusive: "🟨"
    case .missing, .incomparable: "⬜"
    case .improved, .pass, .identical: "🟩"
    }
  }
}
