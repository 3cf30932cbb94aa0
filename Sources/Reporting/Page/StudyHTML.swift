import Markup
import Results
import Studies

/// All sections of one study, with their table of contents.
struct StudyHTML {
  let page: StudyPage
  let part: ReportPage.Part
  /// Whether the page has no other study.
  let isSingle: Bool

  private var study: Study { page.study }

  func html() -> HTML {
    var sections: [(id: String, title: String, content: HTML)] = [
      ("maps", "Attacks against defenses", HeatSection(page: page).html())
    ]
    if let worst = WorstCaseSection(page: page).html() {
      sections.append(("worst", "The worst case", worst))
    }
    if let curves = CurveSection(page: page).html() {
      sections.append(("curves", "Over the rounds", curves))
    }
    if !part.preview.isEmpty {
      sections.append(
        (
          "preview", "What attackers train on",
          PreviewSection(page: page, picture: part.preview).html()
        ))
    }
    if let gate = part.gate {
      sections.append(
        ("baseline", "Against the baseline", BaselineSection(page: page, report: gate).html()))
    }
    if let damage = DamageSection(page: page).html() {
      sections.append(("damage", "Stealth against damage", damage))
    }
    if let sweeps = SweepSection(page: page).html() {
      sections.append(("sweeps", "Along the axes", sweeps))
    }
    if let ranks = RankSection(page: page).html() {
      sections.append(("ranks", "Ranks", ranks))
    }
    if let costs = CostSection(page: page).html() {
      sections.append(("costs", "Cost per round", costs))
    }
    sections += [
      ("audit", "What this study lacks", AuditSection(page: page).html()),
      ("flags", "Reliability flags", FlagSection(page: page).html()),
      ("provenance", "Where the numbers come from", ProvenanceSection(page: page).html()),
      ("cells", "Every cell", CellSections(page: page).html()),
    ]
    let contents = HTML.tag(
      "nav", ["aria-label": isSingle ? "Contents" : "Contents of \(Printable.excerpt(study.name))"],
      .tag(
        "ul", ["class": "contents"],
        all: sections.map {
          .tag("li", [:], .tag("a", ["href": "#" + page.id($0.id)], .text($0.title)))
        }))
    return .group(
      [
        .tag("h1", ["id": page.id("study")], .foreign(study.name)),
        .tag("p", [:], .text(summary)),
        study.settingText.isEmpty
          ? .group([]) : .tag("p", [:], .foreign(study.settingText, limit: 1000)),
      ]
        + (study.curves.absence.map {
          [.tag("p", ["class": "warning"], .foreign("No curves: \($0).", limit: 1000))]
        } ?? [])
        + study.results.warnings.map { .tag("p", ["class": "warning"], .foreign($0, limit: 1000)) }
        + [contents] + sections.map(\.content))
  }

  /// What was run and what is shown of it.
  private var summary: String {
    let records = study.shownRecords
    let finished = records.count { $0.status == .ok }
    let seeds = study.grid.cells.map { study.grid[$0].count }.filter { $0 > 0 }
    let (least, most) = (seeds.min() ?? 0, seeds.max() ?? 0)
    let each = least == most ? counted(most, "seed") : "\(least) to \(counted(most, "seed"))"
    let rounds = records.map(\.rounds).max() ?? 0
    let hidden = study.hiddenCount
    return "\(counted(study.attacks.count, "attack")) against "
      + "\(counted(study.grid.defenses.count, "defense")) in "
      + "\(counted(study.grid.cells.count, "cell")) with \(each), up to "
      + "\(counted(rounds, "round")): \(finished) of \(counted(records.count, "trial")) finished. "
      + (hidden > 0
        ? "\(counted(hidden, "more cell")) of the results not shown, as selected. " : "")
      + "Gauntlet \(study.manifest.tool.version), engine \(study.manifest.engine)."
  }
}
