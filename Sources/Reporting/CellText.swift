/// The printed parts of a cell, which line up in a column.
struct CellText: Hashable, Sendable {
  /// A number such as `0.912` or `≥ 23.0`, or a word such as `n/a`.
  var value = ""
  /// `±.014`, or nothing.
  var spread = ""
  /// `!` for a flag, `/3` where only three seeds have a value.
  var mark = ""
  /// Whether the value is a word that takes no part in aligning numbers.
  var isWord = true

  init(_ summary: CellSummary, decimals: Int, isFlagged: Bool) {
    switch summary.outcome {
    case .value(let mean, let deviation, let count, let isCensored):
      isWord = false
      value = (isCensored ? "≥ " : "") + FixedPoint.text(mean, decimals)
      spread = deviation.map { "±" + FixedPoint.spread($0, decimals) } ?? ""
      mark = (summary.isPartial ? "/\(count)" : "") + (isFlagged ? "!" : "")
    case .absent:
      value = "–"
      mark = isFlagged ? "!" : ""
    case .notApplicable: value = "n/a"
    case .failed: value = "fail"
    case .timedOut: value = "timeout"
    case .notRun: value = "not run"
    }
  }
}
