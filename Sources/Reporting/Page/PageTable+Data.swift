import Studies

extension PageTable {
  /// A table of data on a page: the best of what is ranked bold, the second underlined, intervals
  /// smaller, reasons on hovering.
  ///
  /// Its first column names the rows.
  init(_ data: DataTable) {
    let ranking = TableRanking(data)
    let columns = data.columns.enumerated().map { index, column in
      Column(
        column.id, column.title,
        // Texts from A to Z, numbers from the highest, as readers of a table expect.
        better: column.better == .none ? (data.isNumeric(index) ? .higher : .lower) : column.better,
        isNumeric: data.isNumeric(index))
    }
    let rows = data.rows.enumerated().map { row, line in
      Row(
        line.values.enumerated().map { column, value in
          Cell(value, place: ranking[row, column])
        }, isReference: line.isReference)
    }
    self.init(name: data.id, caption: data.caption, columns: columns, rows: rows)
  }
}
