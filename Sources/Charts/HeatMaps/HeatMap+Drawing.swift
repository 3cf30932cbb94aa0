import Markup

extension HeatMap {
  /// The map as a drawing, as large as its cells need.
  ///
  /// Edge cases: a `badness` beyond 0 and 1 has the color of that end, one that is NaN has none;
  /// rows shorter than ``columns`` end in empty places, and what is beyond is left out; without any
  /// row or column it says "no values".
  ///
  /// - Complexity: O(rows × columns)
  public func drawing() -> Drawing {
    let layout = HeatMapLayout(self)
    var canvas = Canvas()
    if isTitled, !title.isEmpty {
      canvas.text(
        title, 8, 17, "c-title", limit: layout.width - 16, size: Canvas.Font.title, weight: .bold)
    }
    drawNames(layout, on: &canvas)
    if layout.isEmpty {
      canvas.text("no values", 8, layout.grid.y + 14, "c-soft")
    } else {
      drawCells(layout, on: &canvas)
      drawScale(layout, on: &canvas)
    }
    return Drawing(
      width: layout.width, height: layout.height, title: title, summary: summary(layout),
      content: canvas.content)
  }

  /// The step of a cell, from 0, the best, to 10.
  static func step(_ badness: Double?) -> Int? {
    guard let badness, !badness.isNaN else { return nil }
    return Int((badness.clamped(to: 0...1) * 10).rounded())
  }

  private func drawNames(_ layout: HeatMapLayout, on canvas: inout Canvas) {
    canvas.text(
      rowTitle, layout.grid.x - 8, layout.grid.y - 7, "c-end c-strong",
      limit: HeatMapLayout.rowLimit, weight: .bold)
    canvas.text(
      columnTitle, layout.grid.x, layout.top + 10, "c-strong",
      limit: layout.width - layout.grid.x - 8, weight: .bold)
    canvas.group("c-end") { canvas in
      for (row, name) in rows.enumerated() {
        let middle = layout.grid.y + (Double(row) + 0.5) * layout.cell.height
        canvas.text(name, layout.grid.x - 8, middle + 4, limit: HeatMapLayout.rowLimit)
      }
    }
    canvas.group(layout.areSlanted ? "c-names" : "c-mid") { canvas in
      for (column, name) in columns.enumerated() {
        let middle = layout.grid.x + (Double(column) + 0.5) * layout.cell.width
        canvas.text(
          name, layout.areSlanted ? middle + 4 : middle, layout.grid.y - 7,
          limit: layout.columnLimit, turned: layout.areSlanted ? -HeatMapLayout.slant : 0)
      }
    }
  }

  /// All cells of a step are one path, and their texts one group, which keeps large maps small.
  private func drawCells(_ layout: HeatMapLayout, on canvas: inout Canvas) {
    var areas = Array(repeating: PathData(), count: 12)
    var texts = Array(repeating: Canvas(), count: 12)
    for (row, line) in cells.prefix(rows.count).enumerated() {
      for (column, cell) in line.prefix(columns.count).enumerated() {
        guard let cell else { continue }
        let box = layout.box(row, column)
        let step = Self.step(cell.badness) ?? 11
        areas[step].move(to: box.x, box.y)
        areas[step].line(to: box.right, box.y)
        areas[step].line(to: box.right, box.bottom)
        areas[step].line(to: box.x, box.bottom)
        areas[step].close()
        let middle = box.x + box.width / 2
        let hasNote = !cell.note.isEmpty
        texts[step].text(
          cell.text, middle, box.y + box.height / 2 + (hasNote ? -1 : 4), limit: box.width - 4)
        guard hasNote else { continue }
        texts[step].text(
          cell.note, middle, box.y + box.height / 2 + 10, "c-note", limit: box.width - 4, size: 9)
      }
    }
    for step in 0...11 {
      let isPlain = step == 11
      canvas.path(areas[step].finished(), isPlain ? "c-bare" : "c-cell c-h\(step)")
      canvas.group(isPlain ? "c-mid" : "c-mid c-n\(step)") { $0.append(texts[step]) }
    }
  }

  private func drawScale(_ layout: HeatMapLayout, on canvas: inout Canvas) {
    guard let scale = layout.scale else { return }
    canvas.text(ends.best, scale.x - 6, scale.y + 10, "c-end", limit: HeatMapLayout.endLimit)
    for step in 0...10 {
      let box = Box(
        x: scale.x + Double(step) * scale.width / 11, y: scale.y, width: scale.width / 11,
        height: scale.height)
      canvas.rectangle(box, "c-h\(step)")
    }
    canvas.text(ends.worst, scale.right + 6, scale.y + 10, limit: HeatMapLayout.endLimit)
  }

  private func summary(_ layout: HeatMapLayout) -> String {
    let what =
      "\(Printable.excerpt(rowTitle.isEmpty ? "rows" : rowTitle)) against "
      + Printable.excerpt(columnTitle.isEmpty ? "columns" : columnTitle)
    guard !layout.isEmpty else { return "\(what): no values." }
    let filled = cells.prefix(rows.count).reduce(0) { sum, line in
      sum + line.prefix(columns.count).count { $0 != nil }
    }
    return "\(what): \(rows.count) × \(columns.count), \(filled) of the cells filled, colored from "
      + "\(Printable.excerpt(ends.best)) to \(Printable.excerpt(ends.worst))."
  }
}
