/// Names beside samples of lines, marks and areas, to the right of the plot or below it.
struct Legend {
  enum Sample: Hashable {
    /// The classes of a line, and a mark on it with its class.
    case line(String, mark: Mark?)
    case mark(Mark)
    /// The classes of an area.
    case area(String)
  }

  struct Mark: Hashable {
    var shape: Int
    var classes: String
  }

  struct Entry: Hashable {
    var sample: Sample
    var text: String
  }

  private struct Place {
    var x: Double
    var y: Double
    var entry: Entry
  }

  var isEmpty: Bool { places.isEmpty }
  private(set) var width = 0.0
  private(set) var height = 0.0
  /// Whether it is right of the plot.
  let isBeside: Bool
  private var places: [Place] = []
  private let textLimit: Double

  static let rowHeight = 16.0
  private static let sampleWidth = 28.0
  private static let gap = 14.0

  /// Lays out entries for a chart of some size; they go to the right of wide ones if they fit.
  init(_ entries: [Entry], in size: Size) {
    let shown = entries.filter { !$0.text.isEmpty }
    isBeside = size.width >= 600 && Double(shown.count) * Self.rowHeight <= size.height - 60
    textLimit =
      isBeside ? size.width * 0.24 : max(60, max(size.width, 160) - 24 - Self.sampleWidth)
    if isBeside {
      stack(shown)
    } else {
      flow(shown, width: max(size.width, 160) - 16)
    }
  }

  private mutating func stack(_ entries: [Entry]) {
    for (row, entry) in entries.enumerated() {
      places.append(Place(x: 0, y: Double(row) * Self.rowHeight, entry: entry))
      width = max(width, span(entry))
    }
    height = Double(entries.count) * Self.rowHeight
  }

  /// One row after the other, in columns where one row is not enough.
  private mutating func flow(_ entries: [Entry], width: Double) {
    let spans = entries.map(span)
    let isOneRow = spans.reduce(0) { $0 + $1 + Self.gap } - Self.gap <= width
    let column = isOneRow ? 0 : spans.max() ?? 0
    var (x, y) = (0.0, 0.0)
    for (entry, natural) in zip(entries, spans) {
      let span = max(natural, column)
      if x > 0, x + span > width { (x, y) = (0, y + Self.rowHeight) }
      places.append(Place(x: x, y: y, entry: entry))
      x += span + Self.gap
    }
    self.width = width
    height = places.isEmpty ? 0 : y + Self.rowHeight
  }

  private func span(_ entry: Entry) -> Double {
    let text = TextWidth.estimate(
      TextWidth.cut(entry.text, to: textLimit, size: Canvas.Font.text), size: Canvas.Font.text)
    return Self.sampleWidth + min(text, textLimit)
  }

  /// The boxes of entries, for a legend whose upper left corner is at a point.
  func boxes(at x: Double, _ y: Double) -> [Box] {
    places.map {
      Box(x: x + $0.x, y: y + $0.y, width: span($0.entry), height: Self.rowHeight)
    }
  }

  func draw(on canvas: inout Canvas, at x: Double, _ y: Double) {
    for place in places {
      let (left, middle) = (x + place.x, y + place.y + Self.rowHeight / 2)
      draw(place.entry.sample, on: &canvas, left, middle)
      canvas.text(
        place.entry.text, left + Self.sampleWidth - 4, middle + 4, limit: textLimit)
    }
  }

  private func draw(
    _ sample: Sample, on canvas: inout Canvas, _ left: Double, _ middle: Double
  ) {
    switch sample {
    case .line(let classes, let mark):
      var path = PathData()
      path.move(to: left, middle)
      path.line(to: left + 20, middle)
      canvas.path(path.finished(), classes)
      if let mark { draw(mark, on: &canvas, left + 10, middle) }
    case .mark(let mark): draw(mark, on: &canvas, left + 14, middle)
    case .area(let classes):
      canvas.rectangle(Box(x: left, y: middle - 5, width: 20, height: 10), classes)
    }
  }

  private func draw(_ mark: Mark, on canvas: inout Canvas, _ x: Double, _ y: Double) {
    var path = PathData()
    path.shape(MarkShape.commands(mark.shape), at: x, y)
    canvas.path(path.finished(), mark.classes)
  }
}
