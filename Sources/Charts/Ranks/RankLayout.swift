/// Where the parts of a critical-difference diagram are.
struct RankLayout {
  /// A name, and the place on the axis that a line leads to.
  struct Entry {
    var item: RankChart.Item
    /// On the axis.
    var x: Double
    /// Of the line beside the name.
    var y: Double
    var isLeft: Bool
  }

  /// A bar over items that are not told apart.
  struct Bar {
    var from: Double
    var to: Double
    var y: Double
  }

  private(set) var entries: [Entry] = []
  private(set) var bars: [Bar] = []
  let axis: PlacedAxis
  /// The axis, from its left to its right end.
  let line: Box
  /// From the edge of the drawing to the axis.
  let side: Double
  let width: Double
  private(set) var height: Double
  /// The length of the critical difference, cut at the axis; `nil` if there is none.
  let difference: Double?

  static let nameLimit = 210.0
  static let rowHeight = 16.0
  private static let barHeight = 8.0

  init(_ chart: RankChart) {
    // Those without a rank have no place; the others keep theirs. Ties stay in order.
    let sorted = chart.items.filter { $0.rank.isFinite }.enumerated()
      .sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(\.element)
    let names = sorted.map {
      TextWidth.estimate(
        TextWidth.cut(RankLayout.text($0), to: Self.nameLimit, size: Canvas.Font.text),
        size: Canvas.Font.text)
    }
    side = ((names.max() ?? 60) + 24).rounded(.up)
    let length = 400.0
    width = 2 * side + length
    let hasDifference = chart.criticalDifference.map { $0.isFinite && $0 > 0 } ?? false
    let top = (chart.isTitled && !chart.title.isEmpty ? 26.0 : 6) + (hasDifference ? 30 : 0) + 18
    line = Box(x: side, y: top, width: length, height: 0)
    let last = Double(max(2, sorted.count))
    let (low, high) = (
      min(1, sorted.first?.rank ?? 1), max(last, sorted.last?.rank ?? last)
    )
    var axis = PlacedAxis(
      Axis("", least: low...high, isFixed: true), values: [], length: length,
      direction: .horizontal)
    // Mean ranks lie between whole ones.
    axis.ticks.removeAll { Int($0.text) == nil }
    if low == 1, axis.ticks.first?.place != 0 {
      // The best rank there can be, though the step does not lead there.
      axis.ticks.insert(PlacedAxis.Tick(place: 0, text: "1"), at: 0)
    }
    self.axis = axis
    difference =
      hasDifference ? chart.criticalDifference.map { $0 / (high - low) * length } : nil
    height = top

    bars = bars(over: chart.cliques, of: sorted)
    let levels = ((bars.map(\.y).max() ?? top) - top) / Self.barHeight
    let firstRow = top + levels * Self.barHeight + 24
    // The best go to the left from the top down, the worst to the right, so no lines cross.
    let half = (sorted.count + 1) / 2
    for (index, item) in sorted.enumerated() {
      let isLeft = index < half
      let row = isLeft ? index : sorted.count - 1 - index
      entries.append(
        Entry(
          item: item, x: place(item.rank), y: firstRow + Double(row) * Self.rowHeight,
          isLeft: isLeft))
    }
    height = firstRow + Double(max(1, half)) * Self.rowHeight
  }

  /// A name with its mean rank.
  static func text(_ item: RankChart.Item) -> String {
    // A bound on the work for a text of any length.
    let name = TextWidth.cut(item.name, to: 160, size: Canvas.Font.text)
    return "\(name) \(RankChart.shown(item.rank))"
  }

  func place(_ rank: Double) -> Double {
    line.x + (axis.place(rank) ?? 0) * line.width
  }

  /// Bars in as few levels as they take, from the best down; those of fewer than two items are none.
  private func bars(
    over cliques: [ClosedRange<Int>], of sorted: [RankChart.Item]
  ) -> [Bar] {
    var ends: [Double] = []
    let held = cliques.filter { $0.lowerBound >= 0 && $0.upperBound < sorted.count && $0.count > 1 }
    return held.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }.map {
      let from = place(sorted[$0.lowerBound].rank) - 4
      let to = place(sorted[$0.upperBound].rank) + 4
      let level = ends.firstIndex { $0 + 4 < from } ?? ends.count
      if level == ends.count { ends.append(to) } else { ends[level] = to }
      return Bar(from: from, to: to, y: line.y + Double(level + 1) * Self.barHeight + 2)
    }
  }
}
