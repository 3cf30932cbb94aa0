import Reporting
import Studies

/// Tables for the tests of the writers.
enum HostileTables {
  /// Names that some format takes for its own.
  static let names = [
    "<script>alert(1)</script>", "a|b", "$&%_#{}~^\\", "=cmd()", "+1", "@me", "\u{1B}[31mred",
    "\u{202E}gnp", "\"quoted\", 'too'", "two\nlines", "", String(repeating: "x", count: 10_000),
    "\\end{tabular}", "\\\\[1em]", "[x]", "*", "--", "`code`", "漢字 κ ≥ é ğ 👍🏽", "a\r\nb", "\t",
    "_x_", "**x**", "![i](http://x)", "%", "{", "}", "}{", "\\",
  ]

  /// One row per name with the name as text, a number, an estimate and a word with the name.
  static let table = DataTable(
    id: "hostile", title: "Title <b> | $x$", caption: names.joined(separator: " "),
    columns: [
      .init("name", "name"), .init("a|b", "a|b"),
      .init("=x", "=x & y", better: .higher, ranksRows: true), .init("why", "why {"),
    ],
    rows: names.enumerated().map { index, name in
      .init([
        .text(name), .number(Double(index), decimals: 1),
        .estimate(
          mean: Double(index) / 100, half: 0.014, decimals: 3, isLowerBound: index == 3, mark: name),
        .missing(name, reason: name),
      ])
    })

  /// Attacks down and defenses across, the best of each row marked.
  static func pivot(
    _ better: Score.Direction, _ rows: [(name: String, values: [DataTable.Value])],
    reference: String = "none"
  ) -> DataTable {
    let columns = (rows.first?.values ?? []).indices.map { DataTable.Column("d\($0)", "d\($0)") }
    return DataTable(
      id: "pivot", title: "pivot", caption: "", columns: [.init("attack", "attack")] + columns,
      rows: rows.map { .init([.text($0.name)] + $0.values, isReference: $0.name == reference) },
      ranksColumns: better)
  }

  static func mean(
    _ mean: Double, half: Double? = nil, isLowerBound: Bool = false, mark: String = ""
  ) -> DataTable.Value {
    .estimate(mean: mean, half: half, decimals: 3, isLowerBound: isLowerBound, mark: mark)
  }
}
