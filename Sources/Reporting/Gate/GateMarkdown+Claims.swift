import Gating
import Markup

extension GateMarkdown {
  /// A table of claims, broken ones first.
  func claims(title: String, _ isShown: (ClaimStanding) -> Bool) -> MarkdownSection {
    let rows = ClaimStanding.sorted(report.claims).filter { isShown($0.standing) }.map {
      row($0.standing, $0.claim)
    }
    let columns = ["", "claim", "cells", "metric", "claimed", "found", "limit", "seeds", "source"]
    return MarkdownSection(["#### \(title)", ""] + MarkdownText.header(columns), rows: rows)
  }

  private func row(_ standing: ClaimStanding, _ claim: ClaimFinding) -> String {
    let side = claim.relation == .atMost ? "≤" : "≥"
    let limit = claim.limit.map { "\(side) \(Figure.text($0)) at \(claim.percent)" } ?? ""
    let found = [
      claim.value.map(Figure.text), claim.reason.map(MarkdownText.plain),
    ].compactMap(\.self).joined(separator: "<br>")
    return MarkdownText.row([
      "\(Self.mark(standing)) \(standing.word)", MarkdownText.code(claim.claim),
      MarkdownText.plain(claim.subject), MarkdownText.plain(claim.metric),
      "\(side) \(Figure.text(claim.bound))", found, limit, "\(claim.seeds.count)",
      claim.source.map(MarkdownText.plain) ?? "",
    ])
  }

  private static func mark(_ standing: ClaimStanding) -> String {
    switch standing {
    case .broken, .void: "🟥"
    case .missing: "⬜"
    case .inconclusive: "🟨"
    case .holdsAfterAll: "🟦"
    case .knownToFail: "⬛"
    case .holds: "🟩"
    }
  }
}
