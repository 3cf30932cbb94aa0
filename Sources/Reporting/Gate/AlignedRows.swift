import Markup

/// Rows of fields that line up, each followed by a message that wraps.
struct AlignedRows: Sendable {
  struct Row: Sendable {
    var fields: [String]
    var message: String
    /// The color of the first field.
    var paint: Paint?
  }

  private let rows: [Row]

  /// Takes rows whose texts may hold anything; control characters are spelled out.
  ///
  /// - Precondition: every row has equally many fields, at least one.
  init(_ rows: [Row]) {
    for row in rows {
      precondition(
        !row.fields.isEmpty && row.fields.count == rows[0].fields.count,
        "aligned rows: \(row.fields.count) fields against \(rows[0].fields.count)")
    }
    self.rows = rows.map {
      Row(
        fields: $0.fields.map(Printable.escaped), message: Printable.escaped($0.message),
        paint: $0.paint)
    }
  }

  /// The rows as text of at most `width` columns, indented by two; only a longer word exceeds it.
  ///
  /// Where fewer than 40 columns are left beside the fields, messages stand below them: names
  /// are never cut, since users copy them.
  func text(width: Int, color: Bool) -> String {
    guard let first = rows.first else { return "" }
    let widths = first.fields.indices.map { column in
      rows.map { Printable.width($0.fields[column]) }.max() ?? 0
    }
    let indent = widths.reduce(2) { $0 + $1 + 2 }
    let longest = rows.map { Printable.width($0.message) }.max() ?? 0
    let isBeside = width - indent >= min(longest, Self.leastBeside)
    return rows.map {
      isBeside
        ? beside($0, widths, indent: indent, width: width, color: color)
        : below($0, widths, width: width, color: color)
    }.joined()
  }

  private func beside(
    _ row: Row, _ widths: [Int], indent: Int, width: Int, color: Bool
  ) -> String {
    var start = "  "
    for (column, field) in row.fields.enumerated() {
      let gap = String(repeating: " ", count: widths[column] + 2 - Printable.width(field))
      start += (column == 0 ? painted(field, row, color) : field) + gap
    }
    return Phrases.wrapped(row.message, to: width - indent).enumerated().map { index, part in
      let lead = index == 0 ? start : String(repeating: " ", count: indent)
      return Printable.withoutTrailingSpaces(lead + part) + "\n"
    }.joined()
  }

  private func below(_ row: Row, _ widths: [Int], width: Int, color: Bool) -> String {
    let aligned = zip(row.fields, widths).map { Printable.padded($0, to: $1) }
    let whole = Printable.withoutTrailingSpaces("  " + aligned.joined(separator: "  "))
    var text = ""
    if Printable.width(whole) <= width {
      text = painted(whole, row, color) + "\n"
    } else {
      let names = row.fields.filter { !$0.isEmpty }.joined(separator: " ")
      for (index, part) in Printable.wrapped(names, to: max(1, width - 4)).enumerated() {
        text += (index == 0 ? "  " : "    ") + painted(part, row, color) + "\n"
      }
    }
    guard !row.message.isEmpty else { return text }
    return text
      + Phrases.wrapped(row.message, to: max(1, width - 6)).map { "      \($0)\n" }.joined()
  }

  private func painted(_ text: String, _ row: Row, _ color: Bool) -> String {
    row.paint?(text, if: color) ?? text
  }

  private static let leastBeside = 40
}
