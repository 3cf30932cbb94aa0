/// One score of one grid as text.
struct ScoreTable: Sendable {
  private let score: Score
  private let grid: TrialGrid
  private let summaries: [TrialGrid.Cell: CellSummary]
  private let texts: [TrialGrid.Cell: CellText]
  private let heat: HeatScale

  init(_ score: Score, _ grid: TrialGrid, flags: CellFlags) {
    self.score = score
    self.grid = grid
    let summaries = Dictionary(
      uniqueKeysWithValues: grid.cells.map {
        ($0, CellSummary(grid[$0], metric: score.metric))
      })
    self.summaries = summaries
    texts = Dictionary(
      uniqueKeysWithValues: summaries.map { cell, summary in
        (
          cell,
          CellText(summary, decimals: score.decimals, isFlagged: flags.isMarked(cell))
        )
      })
    heat = HeatScale(summaries.values.compactMap(\.mean), better: score.better)
  }

  /// Title, shorter where it does not fit into a line, then as many groups of columns as the width needs, each with its header.
  func text(width: Int, color: Bool) -> String {
    // The whole of it where it fits into a line.
    let whole = title(isLong: true)
    let title = Printable.width(whole) <= width ? whole : title(isLong: false)
    var text = Printable.wrapped(title, to: width)
      .map { (color ? HeatScale.bold($0) : $0) + "\n" }.joined()
    let names = grid.attacks.map(Printable.escaped)
    let label = min(names.map(Printable.width).max() ?? 0, max(8, width / 3))
    let columns = grid.defenses.map { column($0, room: max(1, width - label - 2)) }
    // A single space between columns is worth it if it saves a second table.
    let isTight = label + columns.reduce(0) { $0 + $1.width + 2 } > width
    let fitsTightly = label + columns.reduce(0) { $0 + $1.width + 1 } <= width
    let gap = isTight && fitsTightly ? 1 : 2
    for (index, group) in groups(columns, room: width - label, gap: gap).enumerated() {
      if index > 0 { text += "\n" }
      text += line(label, gap, "", group.map { Printable.padded($0.name, to: $0.width) })
      for (row, name) in names.enumerated() {
        let cells = group.map { cell($0, row: row, color: color) }
        text += line(label, gap, Printable.cut(name, to: label), cells)
      }
    }
    return text
  }

  private struct Column {
    var defense: String
    var name: String
    var width: Int
    var valueWidth: Int
  }

  private func title(isLong: Bool) -> String {
    let side = isLong ? " for the defender" : ""
    let direction =
      switch score.better {
      case .higher: "higher is better" + side
      case .lower: "lower is better" + side
      case .none: "describes, does not judge"
      }
    let counts = summaries.values.filter { $0.mean != nil }.map(\.trialCount)
    var parts = [Printable.escaped(score.title), direction]
    if let least = counts.min(), let most = counts.max() {
      parts.append(
        most == 1
          ? "1 seed"
          : "mean ±sd over " + (least == most ? "\(most) seeds" : "\(least) to \(most) seeds"))
    }
    return parts.joined(separator: " · ")
  }

  private func column(_ defense: String, room: Int) -> Column {
    let texts = grid.attacks.compactMap { self.texts[.init(attack: $0, defense: defense)] }
    let numbers = texts.filter { !$0.isWord }
    let valueWidth = numbers.map { Printable.width($0.value) }.max() ?? 0
    var column = Column(defense: defense, name: "", width: 0, valueWidth: valueWidth)
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
    if !text.spread.isEmpty { cell += " " + text.spread }
    return cell + text.mark
  }

  private func cell(_ column: Column, row: Int, color: Bool) -> String {
    let id = TrialGrid.Cell(attack: grid.attacks[row], defense: column.defense)
    let text = texts[id].map { layout($0, in: column) } ?? ""
    let padded = Printable.padded(text, to: column.width)
    guard color, let mean = summaries[id]?.mean else { return padded }
    return heat.colored(padded, mean)
  }

  private func line(_ label: Int, _ gap: Int, _ name: String, _ cells: [String]) -> String {
    let line = ([Printable.padded(name, to: label)] + cells).joined(
      separator: String(repeating: " ", count: gap))
    return Printable.withoutTrailingSpaces(line) + "\n"
  }
}
