import Studies

extension DataTable.Value {
  /// What the seeds of a cell say, as tables show it.
  init(_ summary: CellSummary, decimals: Int, isFlagged: Bool = false, reason: String = "") {
    let text = CellText(summary, decimals: decimals, isFlagged: isFlagged)
    guard case .value(let mean, _, _, let isCensored) = summary.outcome else {
      self = .missing(text.value, reason: reason)
      return
    }
    self = .estimate(
      mean: mean, half: summary.halfInterval, decimals: decimals, isLowerBound: isCensored,
      mark: text.mark)
  }
}

extension Study {
  /// The columns of the axes that are not the same everywhere.
  var axisColumns: [DataTable.Column] {
    grid.namedAxes.map { DataTable.Column($0.key, $0.name) }
  }

  /// The fields of these columns; empty where an axis has no value.
  func axisValues(_ axes: [String: String]) -> [DataTable.Value] {
    grid.axisKeys.map { .text(axes[$0] ?? "") }
  }
}
