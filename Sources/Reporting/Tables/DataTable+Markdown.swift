import Markup

extension DataTable {
  /// The table as GitHub shows it: the title, the table, the caption.
  ///
  /// The best figure is bold and the second is italic. Texts of others stay in their field, cut after
  /// 200 characters.
  public var markdown: String {
    let ranking = TableRanking(self)
    let right = columns.indices.map(isNumeric)
    var lines = ["**\(MarkdownText.plain(title))**", ""]
    lines += MarkdownText.header(columns.map { MarkdownText.plain($0.title) }, rightAligned: right)
    for (index, row) in rows.enumerated() {
      lines.append(
        MarkdownText.row(
          row.values.enumerated().map { column, value in
            Self.markdown(value, ranking[index, column])
          }))
    }
    if !caption.isEmpty { lines += ["", MarkdownText.paragraph(caption)] }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func markdown(_ value: Value, _ place: TableRanking.Place?) -> String {
    let text = ValueText(value)
    var main = MarkdownText.plain(text.main)
    switch place {
    case .best: main = "**\(main)**"
    case .second: main = "*\(main)*"
    case nil: break
    }
    let rest = (text.spread.isEmpty ? "" : " \(text.spread)") + MarkdownText.plain(text.mark)
    return main + rest
  }
}
