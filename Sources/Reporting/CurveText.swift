import Markup
import Results
public import Studies

/// Accuracy and attack success over the rounds of each cell, for a terminal.
public struct CurveText {
  private let study: Study
  private let rounds: Int

  public init(_ study: Study) {
    self.study = study
    rounds = study.results.records.map(\.rounds).max() ?? 0
  }

  /// One line per cell with curves, or two where names are long, as many characters a curve as the width
  /// has room for; empty where there are none.
  public func text(width: Int = 100) -> String {
    let cells = study.grid.cells.filter { study.curves[$0, "accuracy"] != nil }
    guard !cells.isEmpty, rounds > 0 else { return "" }
    let names = cells.map { Printable.escaped(CellLabel.text($0, study.grid.namedAxes)) }
    let longest = names.map(Printable.width).max() ?? 0
    let isBeside = longest <= width / 2
    let indent = isBeside ? longest : 0
    // Spaces between, and brackets.
    let length = max(4, min(rounds, (width - indent - 4) / 2 - 2))
    var text = Printable.wrapped(
      "Accuracy and attack success rate (ASR) by round, means over the seeds, from 0 (▁) to 1 (█);"
        + " the attack window is in brackets.", to: width
    ).map { $0 + "\n" }.joined()
    text += line("", Printable.padded("accuracy", to: length + 2), "ASR", indent)
    var windows = AttackWindows(resolved: study.results.resolved)
    for (cell, name) in zip(cells, names) {
      let window = windows.window(cell.axes).flatMap {
        $0.start < $0.stop ? $0.start..<$0.stop : nil
      }
      let curves = ["accuracy", "asr"].map { series in
        let points = study.curves[cell, series]?.points ?? []
        return Printable.padded(
          Sparkline.text(
            points.map { ($0.round, $0.mean) }, rounds: rounds, window: window, width: length),
          to: length + 2)
      }
      if !isBeside { text += Printable.cut(name, to: width) + "\n" }
      text += line(isBeside ? name : "", curves[0], curves[1], indent)
    }
    return text
  }

  private func line(_ name: String, _ first: String, _ second: String, _ width: Int) -> String {
    Printable.withoutTrailingSpaces(
      Printable.padded(name, to: width) + "  " + first + "  " + second) + "\n"
  }
}
