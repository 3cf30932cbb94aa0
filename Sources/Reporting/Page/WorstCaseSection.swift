import Markup
import Studies

/// The worst case over attacks, per defense and threat tier, with the attack named.
struct WorstCaseSection {
  let page: StudyPage

  /// `nil` for a study without an attack.
  func html() -> HTML? {
    let cases = page.study.worstCases()
    guard !cases.isEmpty else { return nil }
    let present = Set(cases.map(\.tier))
    let known = page.study.facts.tiers.filter { present.contains($0.id) }
    let tiers = known.map { tier in
      HTML.group([.tag("dt", [:], .text(tier.id)), .tag("dd", [:], .text(tier.text))])
    }
    return page.section(
      "worst", "The worst case",
      [
        .tag(
          "p", [:],
          """
          For each defense the lowest accuracy and the highest attack success rate (ASR) that any \
          attack of this study leaves at the end of the window, and which attack that is. An attacker \
          of a tier can do what weaker ones can, so each tier takes in those before it. There is no \
          mean over attacks: an attacker chooses the best one. ± is half of the 95 % interval of that \
          cell. Where an attack leaves a dead model its ASR is void, and the worst of the others is a \
          lower bound (≥).
          """),
        .group(WorstCaseTable.notes(cases).map { .tag("p", [:], .text($0)) }),
        .tag("dl", [:], all: tiers),
        .tag(
          "div", ["class": "worst", "data-tables": "", "id": page.id("worst-table")],
          table(cases, tiers: known.map(\.id)).html),
      ])
  }

  private struct Key: Hashable {
    var defense: String
    var axes: [String: String]
  }

  /// One row per defense, and two columns per tier.
  private func table(_ cases: [WorstCase], tiers: [String]) -> PageTable {
    var order: [Key] = []
    var found: [Key: [String?: WorstCase]] = [:]
    for worst in cases {
      let key = Key(defense: worst.defense, axes: worst.axes)
      if found[key] == nil { order.append(key) }
      found[key, default: [:]][worst.tier] = worst
    }
    let all: [String?] = [nil] + tiers.map(Optional.some)
    let axes = page.grid.namedAxes.filter { axis in order.contains { $0.axes[axis.key] != nil } }
    let columns =
      [PageTable.Column("defense", "defense", better: .higher)]
      + axes.map {
        .init(Printable.excerpt($0.key), Printable.excerpt($0.name), better: .higher)
      }
      + [.init("clean", "accuracy without an attack", better: .higher, isNumeric: true)]
      + all.flatMap { tier -> [PageTable.Column] in
        let name = tier ?? "all attacks"
        let id = tier ?? "all"
        return [
          .init("\(id).accuracy", "worst accuracy, \(name)", better: .higher, isNumeric: true),
          .init("\(id).asr", "worst ASR, \(name)", better: .lower, isNumeric: true),
        ]
      }
    let rows = order.map { key -> PageTable.Row in
      let own = found[key] ?? [:]
      return PageTable.Row(
        [PageTable.Cell(.foreign(key.defense))]
          + axes.map { .init(.foreign(key.axes[$0.key] ?? "")) }
          + [clean(own[nil]?.clean)]
          + all.flatMap { tier -> [PageTable.Cell] in
            let worst = own[tier]
            return [
              cell(worst?.accuracy, worst, "accuracy.stop"),
              cell(worst?.success, worst, "asr.stop"),
            ]
          })
    }
    return PageTable(
      name: "worst-case", caption: "The worst case over attacks, per threat tier", columns: columns,
      rows: rows)
  }

  private func clean(_ summary: CellSummary?) -> PageTable.Cell {
    guard let summary else { return .missing("not run") }
    return PageTable.Cell(DataTable.Value(summary, decimals: 3))
  }

  private func cell(
    _ extreme: WorstCase.Extreme?, _ worst: WorstCase?, _ metric: String
  ) -> PageTable.Cell {
    guard let extreme, let mean = extreme.summary.mean else {
      return .missing(
        "–", reason: worst?.gaps.first.map { Printable.excerpt($0.reason, limit: 300) })
    }
    let missing = worst?.missing ?? []
    let void = metric == "asr.stop" ? worst?.void ?? [] : []
    let link = page.anchors[extreme.cell].map { "#" + $0 }
    let text = CellText(extreme.summary, decimals: 3, isFlagged: false)
    return PageTable.Cell(
      .tag(
        "a", ["href": link],
        .text((void.isEmpty || text.value.hasPrefix("≥") ? "" : "≥ ") + text.value + text.mark)),
      page.flagSign(page.marks(extreme.cell, metric)),
      extreme.summary.halfInterval.map {
        .tag("small", [:], .text("± \(FixedPoint.spread($0, 3))"))
      } ?? .group([]),
      .tag("small", [:], .foreign(extreme.attack)),
      void.isEmpty ? .group([]) : .tag("small", [:], .text("void under \(void.count)")),
      missing.isEmpty
        ? .group([])
        : .tag("small", [:], .text("\(missing.count) without a number")), value: String(mean))
  }
}
