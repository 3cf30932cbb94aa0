extension ScatterChart {
  /// The chart as a drawing; a reader who points at a mark sees its label.
  ///
  /// Groups come in the order of their first points, each with a color and a shape of its own up to
  /// 64 of them. Edge cases: points that have no place on the axes, or that are beyond a fixed one,
  /// are left out, and the description counts them; without any point the axes are drawn with the
  /// words "no values". It is larger than ``size`` where the legend below has many rows.
  ///
  /// - Complexity: O(n) for n points.
  public func drawing() -> Drawing {
    var groups: [String] = []
    var members: [String: [Point]] = [:]
    for point in points {
      if members[point.group] == nil { groups.append(point.group) }
      members[point.group, default: []].append(point)
    }
    let entries = groups.enumerated().map { index, name in
      Legend.Entry(sample: .mark(Self.mark(ofGroup: index)), text: name)
    }
    let frame = Frame(
      Frame.Content(
        title: isTitled ? title : "", x: x, y: y, xValues: points.map(\.x),
        yValues: points.map(\.y), legend: Legend(entries, in: size), size: size))
    var canvas = Canvas()
    frame.draw(on: &canvas)
    let clipping = Clipping(ofPlot: frame.plot)
    var shown = 0
    for (index, name) in groups.enumerated() {
      let mark = Self.mark(ofGroup: index)
      canvas.group("c-see \(mark.classes)") { canvas in
        for point in members[name] ?? [] {
          guard let place = frame.point(point.x, point.y), clipping.contains(place) else {
            continue
          }
          shown += 1
          var path = PathData()
          path.shape(MarkShape.commands(mark.shape), at: place.x, place.y)
          canvas.path(path.finished(), title: point.label)
        }
      }
    }
    if shown == 0 { frame.drawEmptiness(on: &canvas) }
    frame.drawLegend(on: &canvas)
    return Drawing(
      width: frame.width, height: frame.height, title: title,
      summary: summary(shown, groups.count), content: canvas.content)
  }

  private static func mark(ofGroup index: Int) -> Legend.Mark {
    let style = MarkShape.style(ofGroup: index)
    return Legend.Mark(shape: style.shape, classes: "c-mark c-f\(style.color)")
  }

  private func summary(_ shown: Int, _ groups: Int) -> String {
    let what = "\(Wording.label(y, "y")) against \(Wording.label(x, "x"))"
    guard shown > 0 else { return "\(what): no values." }
    let missing = points.count - shown
    return "\(what): \(shown) \(shown == 1 ? "point" : "points") in \(groups) "
      + (groups == 1 ? "group." : "groups.")
      + (missing > 0 ? " \(missing) not shown, without a value or beyond the axes." : "")
  }
}
