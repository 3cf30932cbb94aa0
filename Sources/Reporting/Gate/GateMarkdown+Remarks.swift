import Gating
import Markup

extension GateMarkdown {
  /// Warnings, notes, and the cells that the baseline lacks.
  var remarks: MarkdownSection {
    var rows = report.warnings.map { "- ⚠️ \(MarkdownText.plain($0))" }
    rows += report.notes.map { "- \(MarkdownText.plain($0))" }
    if !report.extraCells.isEmpty { rows.append("- \(MarkdownText.plain(report.extraCellsText))") }
    return MarkdownSection([], rows: rows, noun: "warning")
  }

  /// The smallest change that each metric's checks could have seen; opens on a click.
  var visibility: MarkdownSection {
    let rows = report.visibility.map {
      MarkdownText.row([
        MarkdownText.plain($0.metric), Figure.text($0.tolerance), Figure.text($0.median),
        Figure.text($0.largest), MarkdownText.code($0.largestCell),
        $0.blindCount > 0 ? "⚠️ \($0.blindCount) of \($0.checkCount)" : "0 of \($0.checkCount)",
      ])
    }
    let columns = ["metric", "tolerance", "median", "largest", "in cell", "blind cells"]
    return MarkdownSection(
      [
        "<details><summary>What the gate could see</summary>", "",
        "The smallest worsening that would have been called a regression; in a blind cell, one of "
          + "twice the tolerance would not have been.", "",
      ] + MarkdownText.header(columns),
      rows: rows, tail: ["", "</details>"])
  }
}
