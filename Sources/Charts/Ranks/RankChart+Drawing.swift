import Markup

extension RankChart {
  /// The diagram as a drawing; it is as high as its names need.
  ///
  /// Rank 1 is at the left. Edge cases: items whose rank is not finite are left out and counted in
  /// the description, with cliques by the places of the others; cliques beyond the items are left
  /// out; a critical difference wider than the axis ends with it, and its text says the number.
  ///
  /// - Complexity: O(n log n) for n items.
  public func drawing() -> Drawing {
    let layout = RankLayout(self)
    var canvas = Canvas()
    if isTitled, !title.isEmpty {
      canvas.text(
        title, 8, 17, "c-title", limit: layout.width - 16, size: Canvas.Font.title, weight: .bold)
    }
    drawDifference(layout, on: &canvas)
    drawAxis(layout, on: &canvas)
    drawNames(layout, on: &canvas)
    var bars = PathData()
    for bar in layout.bars {
      bars.move(to: bar.from, bar.y)
      bars.line(to: bar.to, bar.y)
    }
    canvas.path(bars.finished(), "c-bar")
    if layout.entries.isEmpty {
      canvas.text("no values", layout.width / 2, layout.line.y + 30, "c-mid c-soft")
    }
    return Drawing(
      width: layout.width, height: layout.height, title: title, summary: summary(layout),
      content: canvas.content)
  }

  /// A mean rank or a difference of them.
  static func shown(_ rank: Double) -> String { FixedPoint.text(rank, 2) }

  private func drawDifference(_ layout: RankLayout, on canvas: inout Canvas) {
    guard let difference = layout.difference, let criticalDifference else { return }
    let (left, height) = (layout.line.x, layout.line.y - 30)
    let right = left + min(difference, layout.line.width)
    var path = PathData()
    path.move(to: left, height - 4)
    path.line(to: left, height + 4)
    path.move(to: left, height)
    path.line(to: right, height)
    if difference <= layout.line.width {
      path.move(to: right, height - 4)
      path.line(to: right, height + 4)
    }
    canvas.path(path.finished(), "c-axis")
    canvas.text("CD = \(Self.shown(criticalDifference))", left, height - 8)
  }

  private func drawAxis(_ layout: RankLayout, on canvas: inout Canvas) {
    let line = layout.line
    var path = PathData()
    path.move(to: line.x, line.y)
    path.line(to: line.right, line.y)
    for tick in layout.axis.ticks {
      path.move(to: line.x + tick.place * line.width, line.y)
      path.line(to: line.x + tick.place * line.width, line.y - 5)
    }
    canvas.path(path.finished(), "c-axis")
    canvas.group("c-ticks c-mid") { canvas in
      for tick in layout.axis.ticks {
        canvas.text(tick.text, line.x + tick.place * line.width, line.y - 9)
      }
    }
  }

  private func drawNames(_ layout: RankLayout, on canvas: inout Canvas) {
    var leads = PathData()
    for entry in layout.entries {
      leads.move(to: entry.x, layout.line.y)
      leads.line(to: entry.x, entry.y)
      leads.line(
        to: entry.isLeft ? layout.side - 10 : layout.width - layout.side + 10, entry.y)
    }
    canvas.path(leads.finished(), "c-lead")
    for isLeft in [true, false] {
      canvas.group(isLeft ? "c-end" : "c-names") { canvas in
        for entry in layout.entries where entry.isLeft == isLeft {
          let edge = isLeft ? layout.side - 14 : layout.width - layout.side + 14
          let text = RankLayout.text(entry.item)
          canvas.text(
            text, edge, entry.y + 4, limit: RankLayout.nameLimit,
            title: text.contains("…") ? "\(entry.item.name) \(Self.shown(entry.item.rank))" : nil)
        }
      }
    }
  }

  private func summary(_ layout: RankLayout) -> String {
    let names = layout.entries.prefix(12).map {
      "\(Printable.excerpt($0.item.name, limit: 60)) \(Self.shown($0.item.rank))"
    }
    guard !names.isEmpty else { return "Mean ranks: no values." }
    let rest =
      layout.entries.count > names.count
      ? ", and \(layout.entries.count - names.count) more" : ""
    let missing = items.count - layout.entries.count
    return "Mean ranks from the best on: \(names.joined(separator: ", "))\(rest)."
      + (criticalDifference.map { " Critical difference \(Self.shown($0))." } ?? "")
      + " \(layout.bars.count) \(layout.bars.count == 1 ? "bar joins" : "bars join") those that"
      + " the test does not tell apart."
      + (missing > 0 ? " \(missing) without a rank \(missing == 1 ? "is" : "are") left out." : "")
  }
}
