import Foundation
import Markup
import Studies
import Testing

@testable import Reporting

@Suite struct DataTableLaTeXTests {
  private typealias T = HostileTables

  @Test func theBestIsBoldAndTheSecondUnderlined() {
    var table = T.pivot(
      .higher,
      [
        ("none", [T.mean(0.9), T.mean(0.95), T.mean(0.99)]),
        (
          "a_b",
          [T.mean(-0.1, half: 0.0123), T.mean(0.5, mark: "!"), T.mean(0.3, isLowerBound: true)]
        ),
        ("c", [.missing("void", reason: "dead"), T.mean(0.5), T.mean(0.25, mark: "/3")]),
      ])
    table.caption = "5 % of 3 seeds."
    #expect(
      table.latex == #"""
        % Needs \usepackage{booktabs}.
        \begin{table}[htbp]
        \centering\small
        \caption{pivot. 5 \% of 3 seeds.}
        \label{tab:pivot}
        \begin{tabular}{@{}lrrr@{}}
        \toprule
        attack & d0 & d1 & d2 \\
        \midrule
        none & 0.900 & 0.950 & 0.990 \\
        a\_b & $-$0.100 $\pm$ .012 & \textbf{0.500}! & \underline{$\geq$ 0.300} \\
        c & void & \textbf{0.500} & 0.250/3 \\
        \bottomrule
        \end{tabular}
        \end{table}

        """#)
  }

  @Test func wideAndLongTablesAreSplit() {
    let values = (0..<25).map { T.mean(Double($0) / 100, half: 0.01) }
    let table = T.pivot(.none, (0..<90).map { ("attack \($0)", values) })
    let text = table.latex
    let floats = text.components(separatedBy: "\\begin{table}").dropFirst()
    // Three pieces of rows; 80 - 12 characters hold four columns of 14 with their space.
    #expect(floats.count == 21)
    #expect(text.contains("(part 21 of 21)") && text.contains("\\label{tab:pivot-21}"))
    #expect(text.components(separatedBy: "\\clearpage").count == 2)
    for float in floats { #expect(float.contains("\nattack & d"), "labels are repeated") }
    for index in values.indices {
      #expect(floats.count { $0.contains("& d\(index) ") } == 3, "every column once per piece")
    }
    for index in 0..<90 {
      #expect(floats.count { $0.contains("\nattack \(index) &") } == 7)
    }
  }

  @Test func anEmptyTableIsWhole() {
    let table = DataTable(
      id: "e", title: "Empty.", caption: "", columns: [.init("a", "a"), .init("b", "b")], rows: [])
    #expect(table.latex.contains("\\caption{Empty.}"))
    #expect(table.latex.contains("a & b \\\\\n\\midrule\n\\bottomrule"))
  }

  @Test func hostileTextsStayInTheirFields() {
    let lines = T.table.latex.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let rows = lines.filter { $0.hasSuffix(" \\\\") }
    // The marks are as long as the names, so that each column of figures has a float of its own.
    #expect(rows.count == 3 * (T.names.count + 1))
    for row in rows {
      let fields = row.dropLast(3).components(separatedBy: " & ")
      #expect(fields.count == 2, "\(row)")
      #expect(!row.unicodeScalars.contains { !$0.isASCII }, "\(row)")
    }
    let commands = lines.filter { $0.hasPrefix("\\") && !$0.hasSuffix(" \\\\") }
    #expect(commands.count == 30, "only those of the writer start a line: \(commands)")
  }
}
