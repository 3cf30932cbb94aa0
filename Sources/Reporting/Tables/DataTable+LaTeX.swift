import Markup

extension DataTable {
  /// The table as LaTeX with rules of `booktabs`, one float or more.
  ///
  /// The best figure is bold and the second is underlined. A table that is too wide or too long for a
  /// page is split: each part repeats the leading columns of texts. The text is ASCII, so that it
  /// needs no package for encodings.
  public var latex: String {
    let widths = columns.indices.map(width)
    let parts = parts(widths)
    let ranking = TableRanking(self)
    let formats = columns.indices.map { column in
      if isNumeric(column) { return "r" }
      return widths[column] > Self.textWidth + 2 ? "p{\(Self.textWidth / 2)em}" : "l"
    }
    var text = "% Needs \\usepackage{booktabs}.\n"
    for (index, part) in parts.enumerated() {
      // LaTeX holds few floats back.
      if index > 0, index.isMultiple(of: Self.mostFloats) { text += "\\clearpage\n" }
      text += latex(
        part, ranking, part.columns.map { formats[$0] },
        parts.count > 1 ? (index + 1, parts.count) : nil)
    }
    return text
  }

  /// Columns and rows that go into one float.
  private struct Part {
    var columns: [Int]
    var rows: Range<Int>
  }

  /// The leading columns of texts, which name the rows.
  private var labels: Range<Int> {
    0..<(columns.indices.first { isNumeric($0) } ?? columns.count)
  }

  private func parts(_ widths: [Int]) -> [Part] {
    let labels = labels
    let room = Self.lineWidth - labels.reduce(0) { $0 + widths[$1] }
    var blocks: [[Int]] = []
    var left = 0
    for column in columns.indices.dropFirst(labels.count) {
      if blocks.isEmpty || left < widths[column] {
        blocks.append(Array(labels))
        left = room
      }
      blocks[blocks.count - 1].append(column)
      left -= widths[column]
    }
    if blocks.isEmpty { blocks = [Array(labels)] }
    let starts = rows.isEmpty ? [0] : Array(stride(from: 0, to: rows.count, by: Self.mostRows))
    return starts.flatMap { start in
      blocks.map { Part(columns: $0, rows: start..<min(start + Self.mostRows, rows.count)) }
    }
  }

  /// The characters of a column with the space beside it; texts wrap at some width.
  private func width(_ column: Int) -> Int {
    let lengths = rows.map { row -> Int in
      let text = ValueText(row.values[column])
      return text.main.count + text.mark.count
        + (text.spread.isEmpty ? 0 : text.spread.count + 1)
    }
    let longest = max(lengths.max() ?? 0, columns[column].title.count)
    return min(longest, Self.textWidth) + 3
  }

  private func latex(
    _ part: Part, _ ranking: TableRanking, _ formats: [String], _ number: (index: Int, count: Int)?
  ) -> String {
    let name = LaTeXText.label("tab", id) + (number.map { "-\($0.index)" } ?? "")
    var lines = [
      "\\begin{table}[htbp]", "\\centering\\small", "\\caption{\(captionText(number))}",
      "\\label{\(name)}", "\\begin{tabular}{@{}\(formats.joined())@{}}", "\\toprule",
      Self.line(part.columns.map { LaTeXText.name(columns[$0].title) }), "\\midrule",
    ]
    for row in part.rows {
      if row > part.rows.lowerBound, rows[row].group != rows[row - 1].group {
        lines.append("\\midrule")
      }
      lines.append(
        Self.line(part.columns.map { Self.latex(rows[row].values[$0], ranking[row, $0]) }))
    }
    lines += ["\\bottomrule", "\\end{tabular}", "\\end{table}"]
    return lines.joined(separator: "\n") + "\n"
  }

  private func captionText(_ number: (index: Int, count: Int)?) -> String {
    let part = number.map { " (part \($0.index) of \($0.count))" } ?? ""
    let sentence = title.hasSuffix(".") || caption.isEmpty ? "" : "."
    return LaTeXText.plain(title + part + sentence)
      + (caption.isEmpty ? "" : " " + LaTeXText.plain(caption))
  }

  private static func line(_ fields: [String]) -> String {
    fields.joined(separator: " & ") + " \\\\"
  }

  private static func latex(_ value: Value, _ place: TableRanking.Place?) -> String {
    let text = ValueText(value)
    var main = LaTeXText.name(text.main)
    // A minus sign, not a hyphen.
    if text.isNumeric, text.main.hasPrefix("-") { main = "$-$" + main.dropFirst() }
    switch place {
    case .best: main = "\\textbf{\(main)}"
    case .second: main = "\\underline{\(main)}"
    case nil: break
    }
    return main + (text.spread.isEmpty ? "" : " " + LaTeXText.plain(text.spread))
      + LaTeXText.name(text.mark)
  }

  /// Characters of a line of small type on a page with common margins.
  private static let lineWidth = 80
  /// The widest column of texts that does not wrap.
  private static let textWidth = 40
  private static let mostRows = 40
  private static let mostFloats = 16
}
