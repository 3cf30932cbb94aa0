import Markup

extension DataTable {
  /// The table for a terminal: the title, then as many groups of columns as the width needs, then the
  /// caption.
  ///
  /// Each group repeats the leading columns of texts. Texts are cut where they would leave numbers no
  /// room; numbers never are, so that a column may be wider than the width. With `color` the title and
  /// the best figures are bold. No spaces at line ends; control characters are spelled out.
  public func text(width: Int = 100, color: Bool = false) -> String {
    let ranking = TableRanking(self)
    let labels = columns.indices.prefix { !isNumeric($0) }
    var layouts = columns.indices.map { TextColumn(self, $0, most: width) }
    // The widest names are cut until the widest column of numbers has room.
    let needed = layouts.dropFirst(labels.count).map(\.width).max() ?? 0
    while layouts.prefix(labels.count).reduce(0, { $0 + $1.width + 2 }) + needed > width,
      let widest = labels.max(by: { layouts[$0].width < layouts[$1].width }),
      layouts[widest].width > Self.leastWidth
    {
      layouts[widest] = TextColumn(self, widest, most: layouts[widest].width - 1)
    }
    var text = Printable.wrapped(Printable.escaped(title), to: width)
      .map { (color ? HeatScale.bold($0) : $0) + "\n" }.joined()
    for (index, block) in blocks(layouts, labels: labels.count, width: width).enumerated() {
      if index > 0 { text += "\n" }
      text += Self.line(block.map { layouts[$0].heading })
      for (row, line) in rows.enumerated() {
        text += Self.line(
          block.map { column in
            layouts[column].field(
              line.values[column], isBold: color && ranking[row, column] == .best)
          })
      }
    }
    let notes = caption.isEmpty ? [] : Printable.wrapped(Printable.escaped(caption), to: width)
    return text + (notes.isEmpty ? "" : "\n") + notes.map { $0 + "\n" }.joined()
  }

  /// Takes columns from the left as long as they fit, at least one per block.
  private func blocks(_ layouts: [TextColumn], labels: Int, width: Int) -> [[Int]] {
    let label = layouts.prefix(labels).reduce(0) { $0 + $1.width + 2 }
    var blocks: [[Int]] = []
    var left = 0
    for column in layouts.indices.dropFirst(labels) {
      if blocks.isEmpty || left < layouts[column].width {
        blocks.append(Array(0..<labels))
        left = width - label
      }
      blocks[blocks.count - 1].append(column)
      left -= layouts[column].width + 2
    }
    return blocks.isEmpty ? [Array(0..<labels)] : blocks
  }

  private static let leastWidth = 4

  private static func line(_ fields: [String]) -> String {
    Printable.withoutTrailingSpaces(fields.joined(separator: "  ")) + "\n"
  }
}

/// How a column of a table for a terminal is laid out.
private struct TextColumn {
  let width: Int
  let heading: String
  private let mainWidth: Int
  private let isNumeric: Bool

  init(_ table: DataTable, _ column: Int, most: Int) {
    let texts = table.rows.map { ValueText($0.values[column]) }
    let isNumeric = table.isNumeric(column)
    let mainWidth =
      texts.filter { !Self.isWord($0) }.map { Printable.width($0.main) }.max() ?? 0
    let whole = texts.map { Printable.width(Self.shown($0, to: mainWidth, isNumeric)) }.max() ?? 0
    let title = Printable.escaped(table.columns[column].title)
    // Numbers are whole, whatever the heading.
    let width =
      isNumeric
      ? max(whole, min(Printable.width(title), most))
      : min(max(whole, Printable.width(title)), most)
    self.isNumeric = isNumeric
    self.mainWidth = mainWidth
    self.width = width
    heading = Printable.padded(Printable.cut(title, to: width), to: width)
  }

  func field(_ value: DataTable.Value, isBold: Bool) -> String {
    let text = Self.shown(ValueText(value), to: mainWidth, isNumeric)
    let padded = Printable.padded(isNumeric ? text : Printable.cut(text, to: width), to: width)
    return isBold ? HeatScale.bold(padded) : padded
  }

  /// Whether a field is a word in a column of numbers, which takes no part in their alignment.
  private static func isWord(_ text: ValueText) -> Bool {
    !text.main.contains { $0.isNumber } && text.spread.isEmpty
  }

  private static func shown(_ text: ValueText, to width: Int, _ isNumeric: Bool) -> String {
    let main = Printable.escaped(text.main)
    let aligned =
      isNumeric && !isWord(text) ? Printable.rightAligned(main, to: width) : main
    let spread = text.spread.replacing("± ", with: "±")
    return aligned + (spread.isEmpty ? "" : " " + spread) + Printable.escaped(text.mark)
  }
}
