import Gating
import Results
import Studies

/// The tables of one score.
struct ScorePivot {
  private let study: Study
  private let score: Score
  private let figures: [CellID: CellFigure]
  private let markedFlags: Set<String>

  init(_ study: Study, _ score: Score, _ markedFlags: Set<String>) {
    self.study = study
    self.score = score
    self.markedFlags = markedFlags
    figures = Dictionary(
      study.cellFigures(metrics: [score.metric]).map { ($0.cell, $0) }
    ) { first, _ in first }
  }

  /// Attacks down and defenses across, the best of each row marked; defenses of which no cell has the
  /// score have no column.
  func table() -> DataTable? {
    let defenses = study.grid.defenses.filter { defense in
      figures.values.contains { $0.cell.defense == defense && Self.says($0) }
    }
    guard !defenses.isEmpty else { return nil }
    let rows = study.grid.rows.map { row in
      DataTable.Row(
        [.text(row.attack)] + study.axisValues(row.axes)
          + defenses.map { value(CellID(attack: row.attack, defense: $0, axes: row.axes)) },
        isReference: study.references.clean.contains(row.attack))
    }
    return DataTable(
      id: CellAnchors.slug(score.metric), title: title,
      caption: StudyCaption(study).text(
        ["\(direction) Rows without an attack are a reference.", StudyCaption.estimates]),
      columns: [.init("attack", "attack")] + study.axisColumns
        + defenses.map { .init($0, $0) },
      rows: rows, ranksColumns: score.better)
  }

  /// Defenses and attacks down and the values of one axis across.
  func table(across axis: String) -> DataTable? {
    var seen: Set<String> = []
    // In the order of the rows, which is that of the values within each attack.
    let values = study.grid.rows.compactMap { $0.axes[axis] }.filter { seen.insert($0).inserted }
      .sorted(by: Self.precedes)
    let others = study.grid.namedAxes.filter { $0.key != axis }
    struct Line: Hashable {
      var defense: String
      var attack: String
      var axes: [String: String]
    }
    var lines: [Line] = []
    var known: Set<Line> = []
    for row in study.grid.rows where row.axes[axis] != nil {
      for cell in study.grid.cells(of: row) {
        let line = Line(
          defense: cell.defense, attack: cell.attack, axes: cell.axes.filter { $0.key != axis })
        if known.insert(line).inserted { lines.append(line) }
      }
    }
    let order = Dictionary(zip(study.grid.defenses, 0...)) { first, _ in first }
    // Stable: within a defense the order of the grid stays.
    let sorted = lines.enumerated().sorted { lhs, rhs in
      (order[lhs.element.defense] ?? 0, lhs.offset) < (order[rhs.element.defense] ?? 0, rhs.offset)
    }.map(\.element)
    guard !values.isEmpty, figures.values.contains(where: Self.says) else { return nil }
    return DataTable(
      id: CellAnchors.slug("\(score.metric)-by-\(axis)"), title: "\(title), by \(axis)",
      caption: StudyCaption(study).text([direction, StudyCaption.estimates]),
      columns: [.init("defense", "defense"), .init("attack", "attack")]
        + others.map { .init($0.key, $0.name) } + values.map { .init($0, $0) },
      rows: sorted.map { line in
        DataTable.Row(
          [.text(line.defense), .text(line.attack)]
            + others.map { .text(line.axes[$0.key] ?? "") }
            + values.map { value in
              var axes = line.axes
              axes[axis] = value
              return self.value(CellID(attack: line.attack, defense: line.defense, axes: axes))
            }, group: line.defense, isReference: study.references.clean.contains(line.attack))
      })
  }

  /// As a heading; one that starts with an id keeps it.
  private var title: String {
    score.title.hasPrefix(score.metric)
      ? score.title : score.title.prefix(1).uppercased() + score.title.dropFirst()
  }

  private var direction: String {
    switch score.better {
    case .higher: "Higher is better for the defender."
    case .lower: "Lower is better for the defender."
    case .none: "The score describes and does not judge."
    }
  }

  private func value(_ cell: CellID) -> DataTable.Value {
    guard let figure = figures[cell] else {
      return .missing("", reason: "no trial can be of this cell")
    }
    return DataTable.Value(
      figure.summary, decimals: score.decimals,
      isFlagged: figure.flags.contains { markedFlags.contains($0.id) }, reason: figure.reason)
  }

  /// Whether a cell has the score, or says why it is no number that others have.
  private static func says(_ figure: CellFigure) -> Bool {
    switch figure.summary.outcome {
    case .value, .void, .failed, .timedOut: true
    case .absent, .notApplicable, .notRun: false
    }
  }

  /// Numbers go by value, and before other texts.
  private static func precedes(_ lhs: String, _ rhs: String) -> Bool {
    switch (Double(lhs), Double(rhs)) {
    case (let x?, let y?) where x != y: x < y
    case (_?, nil): true
    case (nil, _?): false
    default: lhs < rhs
    }
  }
}
