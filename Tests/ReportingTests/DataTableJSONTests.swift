import Foundation
import Results
import Studies
import Testing

@testable import Reporting

@Suite struct DataTableJSONTests {
  private typealias T = HostileTables

  @Test func valuesHaveTheirTypes() {
    let table = DataTable(
      id: "t", title: "T", caption: "C",
      columns: [.init("a", "A"), .init("a", "B", better: .lower, ranksRows: true)],
      rows: [
        .init([.text("x"), T.mean(0.5, half: 0.25, mark: "!")]),
        .init([.integer(3), T.mean(0.75)]), .init([.number(0.1, decimals: 3), T.mean(1)]),
        .init([.missing("void", reason: "dead"), T.mean(.infinity)]),
      ])
    #expect(
      table.json == """
        {"caption":"C","columns":[{"better":"none","id":"a","title":"A"},\
        {"better":"lower","id":"a_2","title":"B"}],"id":"t","rows":[\
        {"a":"x","a_2":{"high":0.75,"low":0.25,"lower_bound":false,"mark":"!","mean":0.5,"place":1}},\
        {"a":3,"a_2":{"high":null,"low":null,"lower_bound":false,"mark":"","mean":0.75,"place":2}},\
        {"a":0.1,"a_2":{"high":null,"low":null,"lower_bound":false,"mark":"","mean":1,"place":null}},\
        {"a":{"missing":"void","reason":"dead"},"a_2":{"missing":"inf","reason":"the number is not \
        finite"}}],"schema":"gauntlet/table/1","title":"T"}

        """)
  }

  @Test func hostileTextsComeBack() throws {
    let data = Data(T.table.json.utf8)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let rows = try #require(object["rows"] as? [[String: Any]])
    #expect(rows.compactMap { $0["name"] as? String } == T.names)
  }
}
