import Markup

/// Aligned columns of text, for lists of components and plans.
public struct ListTable: Sendable {
  public var header: [String]
  public var rows: [[String]]

  /// Creates a table.
  ///
  /// - Precondition: every row has as many cells as the header.
  public init(header: [String], rows: [[String]]) {
    for row in rows {
      precondition(
        row.count == header.count,
        "list table: \(row.count) cells against \(header.count) columns")
    }
    self.header = header
    self.rows = rows
  }

  /// The table as text: two spaces between columns, the last one wrapped at `width`.
  ///
  /// The other columns are as wide as their longest cell, but the last keeps at least 20 columns:
  /// longer cells are cut with an ellipsis, the widest column first. No spaces at line ends;
  /// control characters are escaped. An empty table is its header.
  public func text(width: Int = 100) -> String {
    let lines = ([header] + rows).map { $0.map(Printable.escaped) }
    guard let last = header.indices.last else { return "" }
    var widths = header.indices.map { column in
      lines.map { Printable.width($0[column]) }.max() ?? 0
    }
    let lastWidth = min(widths[last], Self.leastLastWidth)
    while widths.dropLast().reduce(0, +) + 2 * last + lastWidth > width,
      let widest = widths.indices.dropLast().max(by: { widths[$0] < widths[$1] }),
      widths[widest] > Self.leastWidth
    {
      widths[widest] -= 1
    }
    let indent = widths.dropLast().reduce(0) { $0 + $1 + 2 }
    var text = ""
    for line in lines {
      var start = ""
      for column in 0..<last {
        let cell = Printable.cut(line[column], to: widths[column])
        start += Printable.padded(cell, to: widths[column] + 2)
      }
      let tail = Printable.wrapped(line[last], to: max(1, width - indent))
      for (index, part) in tail.enumerated() {
        let whole = (index == 0 ? start : String(repeating: " ", count: indent)) + part
        text += Printable.withoutTrailingSpaces(whole) + "\n"
      }
    }
    return text
  }

  private static let leastLastWidth = 20
  private static let leastWidth = 4
}
