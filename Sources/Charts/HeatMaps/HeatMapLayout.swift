/// Where the parts of a heat map are.
struct HeatMapLayout {
  let isEmpty: Bool
  /// Below the title.
  let top: Double
  /// The upper left corner of the cells.
  let grid: (x: Double, y: Double)
  let cell: (width: Double, height: Double)
  /// Whether names of columns go up to the right, because some are wider than a column.
  let areSlanted: Bool
  let columnLimit: Double
  /// The strip of colors; `nil` if no cell has one.
  let scale: Box?
  let width: Double
  let height: Double

  static let slant = 45.0
  static let rowLimit = 170.0
  static let endLimit = 150.0
  private static let nameLimit = 130.0
  /// Of the slant; its cosine is the same.
  private static let sine = 0.5.squareRoot()

  init(_ map: HeatMap) {
    let cells = map.cells.prefix(map.rows.count).flatMap { $0.prefix(map.columns.count) }
      .compactMap(\.self)
    isEmpty = cells.isEmpty
    let widest = cells.map { max(Self.width($0.text), Self.width($0.note) * 9 / 11) }.max() ?? 0
    let cellWidth = (widest + 10).clamped(to: 36...96).rounded(.up)
    cell = (cellWidth, cells.contains { !$0.note.isEmpty } ? 32 : 22)
    let names = map.columns.map { Self.width($0) }
    let isSlanted = names.contains { $0 > cellWidth - 6 }
    areSlanted = isSlanted
    columnLimit = isSlanted ? Self.nameLimit : .infinity

    top = map.isTitled && !map.title.isEmpty ? 28 : 8
    let rowWidth =
      (map.rows.map { Self.width($0, limit: Self.rowLimit) }
      + [Self.width(map.rowTitle, limit: Self.rowLimit, weight: .bold)]).max()
    let longest = min(names.max() ?? 0, Self.nameLimit)
    let nameHeight = isSlanted ? longest * Self.sine + 14 : 18
    let titleHeight = map.columnTitle.isEmpty ? 0 : 16.0
    let left = ((rowWidth ?? 0) + 16).rounded(.up)
    let first = (top + titleHeight + nameHeight).rounded(.up)
    grid = (left, first)

    let bottom = first + Double(max(1, map.rows.count)) * cell.height
    // Slanted names of the last columns go beyond the cells.
    var right = Double(names.count) * cellWidth
    for (index, name) in names.enumerated() where isSlanted {
      let start = (Double(index) + 0.5) * cellWidth
      right = max(right, start + min(name, Self.nameLimit) * Self.sine + 12)
    }
    let best = Self.width(map.ends.best, limit: Self.endLimit)
    let worst = Self.width(map.ends.worst, limit: Self.endLimit)
    let hasColors = cells.contains { HeatMap.step($0.badness) != nil }
    let start = max(left, (best + 14).rounded(.up))
    scale = hasColors ? Box(x: start, y: bottom + 12, width: 132, height: 12) : nil
    let title = Self.width(map.columnTitle, weight: .bold)
    let scaleEnd = hasColors ? start + 138 + worst : 0
    width = max(left + right, left + title, scaleEnd, 120) + 8
    height = bottom + (hasColors ? 34 : 8)
  }

  func box(_ row: Int, _ column: Int) -> Box {
    Box(
      x: grid.x + Double(column) * cell.width, y: grid.y + Double(row) * cell.height,
      width: cell.width, height: cell.height)
  }

  /// As cut to a limit, which bounds the work for a text of any length.
  private static func width(
    _ text: String, limit: Double = 400, weight: TextWidth.Weight = .regular
  ) -> Double {
    let size = Canvas.Font.text
    let shown = TextWidth.cut(text, to: limit, size: size, weight: weight)
    return TextWidth.estimate(shown, size: size, weight: weight)
  }
}
