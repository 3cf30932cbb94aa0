import Markup
import Results
import Studies

/// One score of one grid as text.
struct ScoreTable: Sendable {
  private let score: Score
  private let cells: TableCells
  private let summaries: [CellID: CellSummary]
  private let texts: [CellID: CellText]
  private let heat: HeatScale

  private var grid: TrialGrid { cells.grid }

  init(_ score: Score, _ cells: TableCells) {
    self.score = score
    self.cells = cells
    let summaries = cells.summaries(score.metric)
    self.summaries = summaries
    let companions = score.companion.map { ($0.label, cells.summaries($0.metric)) }
    texts = Dictionary(
      uniqueKeysWithValues: summaries.map { cell, summary in
        let beside = companions.flatMap { label, all in
          all[cell].map { (label: label, summary: $0) }
        }
        return (
          cell,
          CellText(
            summary, decimals: score.decimals, isFlagged: cells.isMarked(cell, score.metric),
            beside: beside)
        )
      })
    heat = HeatScale(score)
  }

  /// Whether trials finished and none has the score: the reason below says more than dashes.
  var isIdle: Bool {
    let outcomes = Set(summaries.values.map(\.outcome))
    return outcomes.contains(.absent) && outcomes.isSubset(of: [.absent, .notApplicable])
  }

  /// Title, shorter where it does not fit into a line, then as many groups of columns as the width
  /// needs, each with its header.
  ///
  /// Defenses without the score in any cell have no column, and rows beyond the 60th are counted.
  func text(width: Int, color: Bool) -> String {
    // The whole of it where it fits into a line.
    let whole = title(isLong: true)
    let title = Printable.width(whole) <= width ? whole : title(isLong: false)
    var text = Printable.wrapped(title, to: width)
      .map { (color ? HeatScale.bold($0) : $0) + "\n" }.joined()
    let rows = Array(grid.rows.prefix(Self.mostRows))
    let labels = RowLabels(grid, rows, width: width)
    let label = labels.width
    let columns = grid.defenses.filter { !isIdle($0) }
      .map { column($0, room: max(1, width - label - 2)) }
    // A single space between columns is worth it if it saves a second table.
    let isTight = label + columns.reduce(0) { $0 + $1.width + 2 } > width
    let fitsTightly = label + columns.reduce(0) { $0 + $1.width + 1 } <= width
    let gap = isTight && fitsTightly ? 1 : 2
    for (index, group) in groups(columns, room: width - label, gap: gap).enumerated() {
      if index > 0 { text += "\n" }
      text += line(labels.header, gap, group.map { Printable.padded($0.name, to: $0.width) })
      for (row, name) in zip(rows, labels.rows) {
        text += line(name, gap, group.map { cell($0, row: row, color: color) })
      }
    }
    let hidden = grid.rows.count - rows.count
    if hidden > 0 { text += "… and \(hidden) more rows; trials.csv has the trials of all\n" }
    return text
  }

  private struct Column {
    var defense: String
    var name: String
    var width: Int
    var valueWidth: Int
    var spreadWidth: Int
  }

  private func title(isLong: Bool) -> String {
    let side = isLong ? " for the defender" : ""
    let direction =
      switch score.better {
      case .higher: "higher is better" + side
      case .lower: "lower is better" + side
      case .none: "describes, does not judge"
      }
    let counts = summaries.values.filter { $0.mean != nil || $0.outcome == .void }
      .map(\.trialCount)
    var parts = [Printable.escaped(score.title), direction]
    if let companion = score.companion {
      parts.append("\(companion.label) = \(companion.shortMeaning)")
    }
    if let least = counts.min(), let most = counts.max() {
      parts.append(
        most == 1
          ? "1 seed"
          : "mean ± over " + (least == most ? "\(most) seeds" : "\(least) to \(most) seeds"))
    }
    return parts.joined(separator: " · ")
  }

  private func isIdle(_ defense: String) -> Bool {
    let outcomes = Set(summaries.filter { $0.key.defense == defense }.map(\.value.outcome))
    return outcomes.contains(.absent)
      && outcomes.isSubset(of: [.absent, .notApplicable, .notRun])
  }

  private func column(_ defense: String, room: Int) -> Column {
    let texts = grid.rows.prefix(Self.mostRows).compactMap {
      self.texts[CellID(attack: $0.attack, defense: defense, axes: $0.axes)]
    }
    let numbers = texts.filter { !$0.isWord }
    let valueWidth = numbers.map { Printable.width($0.value) }.max() ?? 0
    let spreadWidth = numbers.map { Printable.width($0.spread) }.max() ?? 0
    var column = Column(
      defense: defense, name: "", width: 0, valueWidth: valueWidth, spreadWidth: spreadWidth)
    let cellWidth = texts.map { Printable.width(layout($0, in: column)) }.max() ?? 0
    column.name = Printable.cut(Printable.escaped(defense), to: max(room, cellWidth))
    column.width = max(Printable.width(column.name), cellWidth)
    return column
  }

  /// Takes columns from the left as long as they fit, at least one per group.
  private func groups(_ columns: [Column], room: Int, gap: Int) -> [[Column]] {
    var groups: [[Column]] = []
    var left = 0
    for column in columns {
      if groups.isEmpty || left < column.width + gap {
        groups.append([])
        left = room
      }
      groups[groups.count - 1].append(column)
      left -= column.width + gap
    }
    return groups
  }

  private func layout(_ text: CellText, in column: Column) -> String {
    if text.isWord { return text.value + text.mark }
    var cell = Printable.rightAligned(text.value, to: column.valueWidth)
    if text.beside.isEmpty {
      if !text.spread.isEmpty { cell += " " + text.spread }
    } else {
      if column.spreadWidth > 0 {
        cell += " " + Printable.padded(text.spread, to: column.spreadWidth)
      }
      cell += " " + text.beside
    }
    return cell + text.mark
  }

  private func cell(_ column: Column, row: TrialGrid.Row, color: Bool) -> String {
    let id = CellID(attack: row.attack, defense: column.defense, axes: row.axes)
    let text = texts[id].map { layout($0, in: column) } ?? ""
    let padded = Printable.padded(text, to: column.width)
    guard color, !cells.isReference(row), let mean = summaries[id]?.mean else { return padded }
    return heat.colored(padded, mean)
  }

  private func line(_ label: String, _ gap: Int, _ cells: [String]) -> String {
    let line = ([label] + cells).joined(separator: String(repeating: " ", count: gap))
    return Printable.withoutTrailingSpaces(line) + "\n"
  }

  private static let mostRows = 60
}
