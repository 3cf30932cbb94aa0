import Gating
import Markup
import Results
import Studies

/// What the sections of one study share.
struct StudyPage: Sendable {
  let study: Study
  /// What ids start with; empty on a page of one study.
  let prefix: String
  let anchors: CellAnchors
  /// Flags that put a mark beside figures.
  let markedFlags: Set<String>
  /// The raised flags of each cell.
  let flags: [CellID: [CellFlag]]
  /// The ids of the rows that say what flags mean.
  let flagAnchors: [String: String]
  let windows: [[String: String]: AttackWindows.Window]
  /// Every cell, row by row.
  let cells: [CellID]

  init(_ study: Study, prefix: String, markedFlags: Set<String>) {
    self.study = study
    self.prefix = prefix
    self.markedFlags = markedFlags
    anchors = CellAnchors(study.grid, prefix: prefix)
    let cells = study.grid.cells
    self.cells = cells
    let flags = Dictionary(
      cells.map { ($0, study.flags(of: $0)) }
    ) { first, _ in first }
    self.flags = flags
    var ids = UniqueIDs()
    flagAnchors = Dictionary(
      uniqueKeysWithValues: Set(flags.values.joined().map(\.id)).sorted().map {
        ($0, ids.id("\(prefix)flag-\(CellAnchors.slug($0))"))
      })
    var known = AttackWindows(resolved: study.results.resolved)
    var windows: [[String: String]: AttackWindows.Window] = [:]
    for axes in Set(study.grid.rows.map(\.axes)) { windows[axes] = known.window(axes) }
    self.windows = windows
  }

  var grid: TrialGrid { study.grid }

  func summary(_ cell: CellID, _ metric: String) -> CellSummary { study.summary(cell, metric) }

  func id(_ name: String) -> String { prefix + name }

  /// The flags that put a mark beside a figure of a cell.
  func marks(_ cell: CellID, _ metric: String) -> [CellFlag] {
    (flags[cell] ?? []).filter {
      $0.isRaised && markedFlags.contains($0.id) && CellFlag.concerns($0.id, metric: metric)
    }
  }

  /// A section with a heading and an id that the table of contents names.
  func section(_ name: String, _ title: String, _ content: [HTML]) -> HTML {
    .tag(
      "section", ["id": id(name), "aria-labelledby": id(name) + "-title"],
      all: [
        .tag("h2", ["id": id(name) + "-title"], .text(title))
      ] + content)
  }

  /// A sign with the flags of a figure in words, for pointer and screen reader.
  func flagSign(_ flags: [CellFlag]) -> HTML {
    guard !flags.isEmpty else { return .group([]) }
    let names = Printable.excerpt(flags.map(\.id).joined(separator: ", "), limit: 300)
    return .tag(
      "abbr", ["class": "flag", "title": names], "!",
      .tag("span", ["class": "visually-hidden"], .text(" flags: \(names)")))
  }
}
