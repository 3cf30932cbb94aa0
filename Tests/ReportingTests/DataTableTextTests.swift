import Markup
import Studies
import Testing

@testable import Reporting

@Suite struct DataTableTextTests {
  private typealias T = HostileTables

  private let table = DataTable(
    id: "t", title: "Title", caption: "One line that is wrapped where forty columns end.",
    columns: [.init("a", "attack"), .init("x", "a long heading"), .init("y", "y")],
    rows: [
      .init([.text("backdoor"), T.mean(0.5, half: 0.01), .integer(3)]),
      .init([.text("b"), T.mean(-10.25, isLowerBound: true, mark: "!"), .integer(12)]),
      .init([.text("c"), .missing("void", reason: "dead"), .missing("n/a", reason: "f")]),
    ])

  @Test func numbersLineUp() {
    #expect(
      table.text(width: 40) == """
        Title
        attack    a long heading   y
        backdoor      0.500 ±.010   3
        b         ≥ -10.250!       12
        c         void             n/a

        One line that is wrapped where forty
        columns end.

        """)
  }

  @Test func columnsThatDoNotFitFollowBelow() {
    let lines = table.text(width: 28).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[1] == "attack    a long heading")
    #expect(lines[5] == "" && lines[6] == "attack    y")
    #expect(lines[7] == "backdoor   3")
  }

  @Test func namesAreCutAndNumbersAreNot() {
    let text = table.text(width: 22)
    #expect(text.contains("\nbac…  ") || text.contains("\nback…  "), "\(text)")
    #expect(text.contains("0.500 ±.010") && text.contains("≥ -10.250!"))
  }

  @Test func hostileTextsStayOnTheirLine() {
    let text = T.table.text(width: 80)
    #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.value < 0x20 || $0.value == 0x202E })
    for line in text.split(separator: "\n") { #expect(!line.hasSuffix(" ")) }
  }

  @Test func theBestIsBoldWhereColorsAre() {
    let pivot = T.pivot(.higher, [("a", [T.mean(0.5), T.mean(0.75)])])
    #expect(pivot.text(color: true).contains("\u{1B}[1m0.750\u{1B}[0m"))
    #expect(!pivot.text().contains("\u{1B}"))
  }
}
