import Markup
import Studies

/// What stands left of the rows of a table: the attack, and the values of the axes that vary.
struct RowLabels: Sendable {
  /// The names of the axes above their values.
  let header: String
  let rows: [String]
  let width: Int

  /// Cuts names so that numbers have room: the attack to a third of the width, axes to what is left of
  /// two thirds.
  init(_ grid: TrialGrid, _ rows: [TrialGrid.Row], width: Int) {
    let names = rows.map { Printable.escaped($0.attack) }
    let first = min(names.map(Printable.width).max() ?? 0, max(8, width / 3))
    var widths = [first]
    var columns = [[""] + names]
    let room = max(0, width * 2 / 3 - first - 2 * grid.axisKeys.count)
    let most = grid.axisKeys.isEmpty ? 0 : max(3, room / grid.axisKeys.count)
    for (key, name) in zip(grid.axisKeys, grid.axisNames) {
      let values = ([name] + rows.map { $0.axes[key] ?? "" }).map(Printable.escaped)
      columns.append(values)
      widths.append(min(most, values.map(Printable.width).max() ?? 0))
    }
    let lines = (0...rows.count).map { line in
      zip(columns, widths).map { column, width in
        Printable.padded(Printable.cut(column[line], to: width), to: width)
      }.joined(separator: "  ")
    }
    header = lines[0]
    self.rows = Array(lines.dropFirst())
    self.width = widths.reduce(2 * (widths.count - 1), +)
  }
}
