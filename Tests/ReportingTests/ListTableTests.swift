import Markup
import Testing

@testable import Reporting

@Suite struct ListTableTests {
  @Test func columnsLineUpAndTheLastOneWraps() {
    let table = ListTable(
      header: ["id", "kind", "summary"],
      rows: [
        ["krum", "rule", "takes the row whose neighbours are closest to it"],
        ["norm-clipping", "rule", "shortens long rows"],
        ["é\u{301}", "x", ""],
      ])
    #expect(
      table.text(width: 44) == """
        id             kind  summary
        krum           rule  takes the row whose
                             neighbours are closest
                             to it
        norm-clipping  rule  shortens long rows
        é\u{301}              x

        """)
  }

  @Test func longCellsGiveWayToTheLastColumn() {
    let table = ListTable(
      header: ["a", "b"], rows: [[String(repeating: "x", count: 60), "some words about it here"]])
    let lines = table.text(width: 40).split(separator: "\n")
    #expect(lines.allSatisfy { Printable.width(String($0)) <= 40 })
    #expect(lines[1].hasPrefix("xxxxxxxxxxxxxxxxx…  some words about it"))
  }

  @Test func controlCharactersAreSpelledOut() {
    #expect(ListTable(header: ["\u{1b}[1mx"], rows: []).text() == "\\u{1b}[1mx\n")
  }

  @Test func raggedRowsTrap() async {
    await #expect(processExitsWith: .failure) { _ = ListTable(header: ["a"], rows: [["1", "2"]]) }
  }

  @Test func widthsCountColumns() {
    #expect(Printable.width("≥ 0.5 ±.1 –") == 11)
    #expect(Printable.width("e\u{301}") == 1)
    #expect(Printable.width("漢字") == 4)
    #expect(Printable.cut("漢字漢字", to: 6) == "漢字…")
    #expect(Printable.cut("short", to: 5) == "short")
  }
}
