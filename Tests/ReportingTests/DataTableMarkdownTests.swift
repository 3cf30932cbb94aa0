import Studies
import Testing

@testable import Reporting

@Suite struct DataTableMarkdownTests {
  private typealias T = HostileTables

  @Test func theBestIsBoldAndTheSecondItalic() {
    var table = T.pivot(
      .higher,
      [
        ("none", [T.mean(0.9), T.mean(0.95), T.mean(0.99)]),
        (
          "a", [T.mean(0.1, half: 0.0123), T.mean(0.5, mark: "!"), T.mean(0.3, isLowerBound: true)]
        ),
        ("b", [.missing("void", reason: "dead"), T.mean(0.5), T.mean(0.25, mark: "/3")]),
      ])
    table.caption = "Made by hand."
    #expect(
      table.markdown == """
        **pivot**

        | attack | d0 | d1 | d2 |
        |---|---:|---:|---:|
        | none | 0.900 | 0.950 | 0.990 |
        | a | 0.100 ± .012 | **0.500**&#33; | *≥ 0.300* |
        | b | void | **0.500** | 0.250/3 |

        Made by hand.

        """)
  }

  @Test func hostileTextsStayInTheirFields() {
    let lines = T.table.markdown.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == T.names.count + 7)
    for line in lines[2..<(lines.count - 3)] {
      #expect(line.unicodeScalars.count { $0 == "|" } == 5, "\(line)")
    }
    for line in lines {
      #expect(!line.contains("<") && !line.contains("`") && !line.contains("["), "\(line)")
      #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E }, "\(line)")
    }
    #expect(lines.dropFirst(4).dropLast(3).allSatisfy { $0.utf8.count < 4_000 }, "names are cut")
    #expect(T.table.markdown.contains(String(repeating: "x", count: 10_000)), "captions are not")
  }
}
