import Studies
import Testing

@testable import Reporting

@Suite struct TableRankingTests {
  private typealias T = HostileTables

  private func places(_ table: DataTable, row: Int) -> [Int?] {
    let ranking = TableRanking(table)
    return table.columns.indices.map { ranking[row, $0]?.rawValue }
  }

  @Test func theBestAndTheSecondOfARowAreByDirection() {
    let values = [T.mean(0.9), T.mean(0.2), T.mean(0.5)]
    #expect(places(T.pivot(.higher, [("a", values)]), row: 0) == [nil, 1, nil, 2])
    #expect(places(T.pivot(.lower, [("a", values)]), row: 0) == [nil, nil, 1, 2])
    #expect(places(T.pivot(.none, [("a", values)]), row: 0) == [nil, nil, nil, nil])
  }

  @Test func figuresThatLookAlikeShareAPlace() {
    let values = [T.mean(0.90001), T.mean(0.8999), T.mean(0.5004), T.mean(0.4996), T.mean(0.1)]
    #expect(places(T.pivot(.higher, [("a", values)]), row: 0) == [nil, 1, 1, 2, 2, nil])
  }

  @Test func referencesAndWordsTakeNoPart() {
    let values: [DataTable.Value] = [
      .missing("void", reason: "dead"), T.mean(.infinity), T.mean(0.5), .text("1"), T.mean(0.7),
    ]
    let table = T.pivot(.lower, [("none", values), ("a", values)])
    #expect(places(table, row: 0).allSatisfy { $0 == nil })
    #expect(places(table, row: 1) == [nil, nil, nil, 1, nil, nil], "no second among two")
  }

  @Test func oneFigureIsNotTheBest() {
    let values: [DataTable.Value] = [T.mean(0.5), .missing("n/a", reason: "f")]
    #expect(places(T.pivot(.higher, [("a", values)]), row: 0) == [nil, nil, nil])
  }

  @Test func aLowerBoundIsNeverTheSmallest() {
    let values = [T.mean(1, isLowerBound: true), T.mean(2), T.mean(3)]
    #expect(places(T.pivot(.lower, [("a", values)]), row: 0) == [nil, nil, 1, nil])
    #expect(places(T.pivot(.higher, [("a", values)]), row: 0) == [nil, nil, 2, 1])
  }

  @Test func rowsAreRankedWithinTheirGroup() {
    let table = DataTable(
      id: "t", title: "t", caption: "",
      columns: [
        .init("name", "name"), .init("x", "x", better: .higher, ranksRows: true),
        .init("n", "n", better: .lower, ranksRows: true), .init("plain", "plain", better: .higher),
      ],
      rows: [
        .init([.text("a"), T.mean(0.9), .integer(3), T.mean(1)], group: "one"),
        .init([.text("b"), T.mean(0.8), .integer(2), T.mean(2)], group: "one"),
        .init([.text("c"), T.mean(0.1), .integer(9), T.mean(3)], group: "two"),
        .init([.text("d"), T.mean(0.2), .integer(8), T.mean(4)], group: "two"),
        .init(
          [.text("ref"), T.mean(1.0), .integer(1), T.mean(4)], group: "two", isReference: true),
      ])
    #expect(
      table.rows.indices.map { places(table, row: $0) } == [
        [nil, 1, nil, nil], [nil, nil, 1, nil], [nil, nil, nil, nil], [nil, 1, 1, nil],
        [nil, nil, nil, nil],
      ])
  }
}
