import Markup

extension LineChart {
  /// The chart as a drawing, which is larger than ``size`` where the legend below has many rows,
  /// and where else there would be no room for values.
  ///
  /// Edge cases: values that are not finite, or on a logarithmic axis not positive, leave gaps;
  /// values beyond an axis that is fixed are clipped; of more than 400 points of a series the
  /// extremes stay. Without any value the axes are drawn with the words "no values".
  ///
  /// - Complexity: O(n) for n points.
  public func drawing() -> Drawing {
    let edges = series.flatMap { ($0.band?.low ?? []) + ($0.band?.high ?? []) }
    let points = series.flatMap(\.points) + edges
    let heads = shades.filter { $0.range.lowerBound.isFinite && $0.range.upperBound.isFinite }
    let frame = Frame(
      Frame.Content(
        title: isTitled ? title : "", x: x, y: y,
        xValues: points.map(\.x) + heads.flatMap { [$0.range.lowerBound, $0.range.upperBound] },
        yValues: points.map(\.y), legend: Legend(hasLegend ? legendEntries : [], in: size),
        size: size,
        hasHeadLine: heads.contains { !$0.label.isEmpty }))
    var canvas = Canvas()
    draw(heads, frame, on: &canvas)
    frame.draw(on: &canvas)
    if hasDiagonal {
      var path = PathData()
      path.move(to: frame.plot.x, frame.plot.bottom)
      path.line(to: frame.plot.right, frame.plot.y)
      canvas.path(path.finished(), "c-diagonal")
    }
    for one in series {
      if let band = one.band {
        let area = Curve(frame).area(band)
        canvas.path(area, "c-band c-f\(one.paletteColor)")
      }
    }
    for (index, one) in series.enumerated() { draw(one, index, frame, on: &canvas) }
    let isEmpty = !points.contains { frame.point($0.x, $0.y) != nil }
    if isEmpty { frame.drawEmptiness(on: &canvas) }
    frame.drawLegend(on: &canvas)
    return Drawing(
      width: frame.width, height: frame.height, title: title,
      summary: summary(isEmpty: isEmpty), content: canvas.content)
  }

  private func draw(_ one: Series, _ index: Int, _ frame: Frame, on canvas: inout Canvas) {
    let curve = Curve(frame)
    let points = Curve.thinned(one.points)
    canvas.path(curve.line(points), one.lineClasses)
    guard let mark = mark(of: one) else { return }
    // Some five marks tell the lines apart, each line's at other places.
    let stride = one.hasMarks ? 1 : max(1, points.count / 5)
    let offset = stride * (2 * index + 1) / (2 * max(1, series.count))
    canvas.path(
      curve.marks(points, shape: mark.shape, every: stride, from: offset), mark.classes)
  }

  /// The mark of a series: where it asks for one, and where color alone would tell lines apart.
  private func mark(of one: Series) -> Legend.Mark? {
    // A lone point has no line that would show it.
    let areFew = one.points.count { $0.x.isFinite && $0.y.isFinite } < 2
    guard one.hasMarks || areFew || hasLegend && series.count > 1 else { return nil }
    let (cycle, color) = one.color.quotientAndRest(Palette.light.series.count)
    return Legend.Mark(
      shape: (color + cycle).quotientAndRest(8).rest, classes: "c-mark c-f\(color)")
  }

  private var legendEntries: [Legend.Entry] {
    series.map { Legend.Entry(sample: .line($0.lineClasses, mark: mark(of: $0)), text: $0.name) }
  }

  /// Shades go behind the grid; their labels above the plot, one after the other.
  private func draw(_ heads: [Shade], _ frame: Frame, on canvas: inout Canvas) {
    var free = frame.plot.x
    for shade in heads {
      guard let from = frame.x.place(shade.range.lowerBound),
        let to = frame.x.place(shade.range.upperBound)
      else { continue }
      let left = frame.plot.x + from.clamped(to: 0...1) * frame.plot.width
      let right = frame.plot.x + to.clamped(to: 0...1) * frame.plot.width
      guard to >= 0, from <= 1 else { continue }
      let box = Box(
        x: left, y: frame.plot.y, width: max(1, right - left), height: frame.plot.height)
      canvas.rectangle(box, "c-shade", title: shade.label)
      let name = Printable.excerpt(shade.label, limit: 100)
      let span = TextWidth.estimate(name, size: Canvas.Font.text)
      let start = max(free, min(left, frame.plot.right - span))
      // A label without room stays what a reader sees who points at the shade.
      guard !name.isEmpty, start <= max(left, right - span), frame.plot.right - start > 24 else {
        continue
      }
      canvas.text(name, start, frame.plot.y - 4, "c-soft", limit: frame.plot.right - start)
      free = start + min(span, frame.plot.right - start) + 8
    }
  }

  private func summary(isEmpty: Bool) -> String {
    let what = "\(Wording.label(y, "y")) over \(Wording.label(x, "x"))"
    guard !isEmpty else { return "\(what): no values." }
    let lines = series.prefix(12).map { one in
      let last = one.points.last { $0.x.isFinite && $0.y.isFinite }
      let end = last.map { "ends at \(Wording.number($0.y))" } ?? "has no values"
      return "\(Printable.excerpt(one.name.isEmpty ? "the line" : one.name, limit: 60)) \(end)"
    }
    let rest = series.count > lines.count ? ", and \(series.count - lines.count) more" : ""
    let areas =
      shades.isEmpty
      ? ""
      : " Shaded: "
        + shades.prefix(6).map { Printable.excerpt($0.label, limit: 60) }
        .joined(separator: ", ") + "."
    return "\(what): \(lines.joined(separator: ", "))\(rest).\(areas)"
  }
}

extension LineChart.Series {
  /// The place in the palette, for any number.
  fileprivate var paletteColor: Int { color.quotientAndRest(Palette.light.series.count).rest }

  /// Colors that come again have another dash.
  fileprivate var lineClasses: String {
    let cycle = color.quotientAndRest(Palette.light.series.count).quotient
    let dashes = ["", " c-dash", " c-dot", " c-dash-dot"]
    let first =
      switch stroke {
      case .solid: 0
      case .dashed: 1
      case .dotted: 2
      }
    return "c-line c-s\(paletteColor)\(dashes[(first + cycle).quotientAndRest(4).rest])"
  }
}
