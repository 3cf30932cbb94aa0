/// Title, axes, grid, labels and legend around a plot.
struct Frame {
  /// Where values are drawn.
  private(set) var plot: Box
  private(set) var x: PlacedAxis
  private(set) var y: PlacedAxis
  /// Of the whole drawing; it is higher than the chart where the legend below has many rows.
  private(set) var width: Double
  private(set) var height: Double

  private let chart: Content
  private var xLabels: TickLabels
  private var yLabels: TickLabels
  /// What stands above the plot, and below it without the legend.
  private let top: Double
  private var bottom = 0.0

  /// What is around the values.
  struct Content {
    var title: String
    var x: Axis
    var y: Axis
    var xValues: [Double]
    var yValues: [Double]
    var legend: Legend
    var size: Size
    /// Whether a line above the plot is for labels of shades.
    var hasHeadLine = false
  }

  init(_ chart: Content) {
    self.chart = chart
    width = max(chart.size.width, 160)
    let legend = chart.legend
    let extra = legend.isBeside || legend.isEmpty ? 0 : legend.height - Legend.rowHeight
    height = max(chart.size.height, 60) + extra
    top = (chart.title.isEmpty ? 8 : 26) + (chart.hasHeadLine ? 14 : 0)
    let below = legend.isBeside || legend.isEmpty ? 4 : legend.height + 8
    let beside = legend.isBeside && !legend.isEmpty ? legend.width + 18 : 0

    // The height of the plot follows from the labels below, these from its width, and that from
    // the labels beside, which follow from the height: the second time nothing moves far.
    plot = Box(x: 50, y: top, width: width - 60, height: max(50, height - top - 40))
    (x, y) = (
      PlacedAxis(chart.x, values: [], length: plot.width, direction: .horizontal),
      PlacedAxis(chart.y, values: [], length: plot.height, direction: .vertical)
    )
    xLabels = TickLabels(below: x, names: false, width: plot.width)
    yLabels = TickLabels(leftOf: y, names: false, height: plot.height, limit: 0)
    for _ in 0..<3 {
      y = PlacedAxis(
        chart.y, values: chart.yValues, length: plot.height, direction: .vertical)
      yLabels = TickLabels(
        leftOf: y, names: chart.y.hasNames, height: plot.height, limit: min(140, width * 0.3))
      x = PlacedAxis(
        chart.x, values: chart.xValues, length: plot.width, direction: .horizontal)
      xLabels = TickLabels(below: x, names: chart.x.hasNames, width: plot.width)
      let labelHeight = chart.y.label.isEmpty ? 4.0 : 20
      let left = max(labelHeight + yLabels.width + 8, xLabels.overhangLeft(plot.width) + 4)
      let right = max(10, xLabels.overhangRight(plot.width) + 4) + beside
      bottom = xLabels.height + (chart.x.label.isEmpty ? 0 : 16)
      height = max(height, top + bottom + below + 50)
      // Whole pixels are crisp and short.
      plot = Box(
        x: left.rounded(.up), y: top, width: max(40, (width - left - right - 1).rounded(.down)),
        height: (height - top - bottom - below).rounded(.down))
    }
  }

  /// The place of a pair of values on the page; `nil` if either has none.
  func point(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
    guard let across = self.x.place(x), let up = self.y.place(y) else { return nil }
    return (plot.x + across * plot.width, plot.bottom - up * plot.height)
  }

  func draw(on canvas: inout Canvas) {
    if !chart.title.isEmpty {
      canvas.text(
        chart.title, 8, 17, "c-title", limit: width - 16, size: Canvas.Font.title, weight: .bold)
    }
    drawGrid(on: &canvas)
    drawLabels(on: &canvas)
  }

  /// What comes after the values.
  func drawLegend(on canvas: inout Canvas) {
    if chart.legend.isBeside {
      chart.legend.draw(on: &canvas, at: width - chart.legend.width - 6, plot.y)
    } else {
      chart.legend.draw(on: &canvas, at: 8, height - chart.legend.height - 4)
    }
  }

  /// Where the legend is, entry by entry.
  var legendBoxes: [Box] {
    chart.legend.isBeside
      ? chart.legend.boxes(at: width - chart.legend.width - 6, plot.y)
      : chart.legend.boxes(at: 8, height - chart.legend.height - 4)
  }

  /// A text in the middle of an empty plot.
  func drawEmptiness(on canvas: inout Canvas) {
    canvas.text(
      "no values", plot.x + plot.width / 2, plot.y + plot.height / 2 + 4, "c-mid c-soft")
  }

  private func drawGrid(on canvas: inout Canvas) {
    var grid = PathData()
    if !chart.y.hasNames {
      // There and back, which is short.
      for (index, tick) in y.ticks.enumerated() {
        let height = plot.bottom - tick.place * plot.height
        let ends = index.isMultiple(of: 2) ? (plot.x, plot.right) : (plot.right, plot.x)
        grid.move(to: ends.0, height)
        grid.line(to: ends.1, height)
      }
    }
    if !chart.x.hasNames {
      for (index, tick) in x.ticks.enumerated() {
        let across = plot.x + tick.place * plot.width
        let ends = index.isMultiple(of: 2) ? (plot.bottom, plot.y) : (plot.y, plot.bottom)
        grid.move(to: across, ends.0)
        grid.line(to: across, ends.1)
      }
    }
    canvas.path(grid.finished(), "c-grid")
    var axes = PathData()
    axes.move(to: plot.x, plot.y)
    axes.line(to: plot.x, plot.bottom)
    axes.line(to: plot.right, plot.bottom)
    canvas.path(axes.finished(), "c-axis")
  }

  private func drawLabels(on canvas: inout Canvas) {
    canvas.group("c-ticks c-end") { canvas in
      for label in yLabels.labels {
        canvas.text(
          label.text, plot.x - 6, plot.bottom - label.place * plot.height + 4,
          limit: yLabels.limit)
      }
    }
    canvas.group(xLabels.areSlanted ? "c-ticks c-end" : "c-ticks c-mid") { canvas in
      for label in xLabels.labels {
        canvas.text(
          label.text, plot.x + label.place * plot.width,
          plot.bottom + (xLabels.areSlanted ? 12 : 14), limit: xLabels.limit,
          turned: xLabels.areSlanted ? -TickLabels.slant : 0)
      }
    }
    if !chart.x.label.isEmpty {
      canvas.text(
        chart.x.label, plot.x + plot.width / 2, plot.bottom + bottom - 3, "c-mid",
        limit: plot.width)
    }
    if !chart.y.label.isEmpty {
      canvas.text(
        chart.y.label, 14, plot.y + plot.height / 2, "c-mid", limit: plot.height, turned: -90)
    }
  }
}

extension Axis {
  /// Whether its places are those of texts.
  var hasNames: Bool {
    if case .categories = scale { true } else { false }
  }
}
