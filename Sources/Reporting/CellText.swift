import Markup
import Studies

/// The printed parts of a cell, which line up in a column.
struct CellText: Hashable, Sendable {
  /// A number such as `0.912` or `≥ 23.0`, or a word such as `n/a`.
  var value = ""
  /// `±.014`, half of the 95 % interval of the mean, or nothing.
  var spread = ""
  /// A second figure beside the score, such as `D .880`, or nothing.
  var beside = ""
  /// `!` for a flag, `/3` where only three seeds have a value.
  var mark = ""
  /// Whether the value is a word that takes no part in aligning numbers.
  var isWord = true

  init(
    _ summary: CellSummary, decimals: Int, isFlagged: Bool,
    beside companion: (label: String, summary: CellSummary)? = nil
  ) {
    switch summary.outcome {
    case .value(let mean, _, let count, let isCensored):
      isWord = false
      value = (isCensored ? "≥ " : "") + FixedPoint.text(mean, decimals)
      spread = summary.halfInterval.map { "±" + FixedPoint.spread($0, decimals) } ?? ""
      if let companion, case .value(let mean, _, _, _) = companion.summary.outcome {
        beside = "\(companion.label) \(FixedPoint.spread(mean, 2))"
      }
      mark = (summary.isPartial ? "/\(count)" : "") + (isFlagged ? "!" : "")
    // Its flag is told by the word.
    case .void: value = "void"
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
