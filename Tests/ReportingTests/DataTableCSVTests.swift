import Studies
import Testing

@testable import Reporting

@Suite struct DataTableCSVTests {
  private typealias T = HostileTables

  @Test func estimatesHaveTheirIntervalAndMarks() {
    let table = T.pivot(
      .higher,
      [
        ("a", [T.mean(0.1 + 0.2, half: 0.25), T.mean(0.5)]),
        ("b", [T.mean(2, half: 0.5, isLowerBound: true, mark: "/3!"), T.mean(1)]),
        ("c", [.missing("void", reason: "dead"), T.mean(0)]),
      ])
    #expect(
      table.csv == """
        attack,d0,d0_low,d0_high,d0_mark,d1,d1_low,d1_high
        a,0.30000000000000004,0.050000000000000044,0.55,,0.5,,
        b,2,1.5,2.5,≥/3!,1,,
        c,,,,void,0,,

        """)
  }

  @Test func takenNamesGetANumber() {
    let table = DataTable(
      id: "t", title: "t", caption: "",
      columns: [.init("x", "x"), .init("x_low", "x_low"), .init("", ""), .init("", "")],
      rows: [.init([T.mean(1), .integer(2), .text(""), .number(.infinity, decimals: 1)])])
    #expect(table.csv == "x,x_low,x_high,x_low_2,,_2\n1,,,2,,inf\n")
  }

  /// Reads the file by RFC 4180, with a reader of its own, and looks for what was written.
  @Test func hostileTextsComeBackAndRunNowhere() throws {
    let records = Self.parsed(T.table.csv)
    #expect(
      records[0] == ["name", "a|b", "'=x", "'=x_low", "'=x_high", "'=x_mark", "why", "why_mark"])
    #expect(records.count == T.names.count + 1)
    for (name, record) in zip(T.names, records.dropFirst()) {
      #expect(record.count == records[0].count)
      let text = try #require(record.first)
      #expect(text == name || text == "'" + name, "\(name)")
      // "+1" is a number, and stays one.
      if let first = text.unicodeScalars.first, text != "+1" {
        #expect(!"=+-@\t\r".unicodeScalars.contains(first), "\(name)")
      }
    }
  }

  private static func parsed(_ text: String) -> [[String]] {
    var records: [[String]] = [[]]
    var field = String.UnicodeScalarView()
    var (isQuoted, hasClosed) = (false, false)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"":
        isQuoted.toggle()
        if hasClosed { field.append(scalar) }
        hasClosed = !isQuoted
      case ",", "\n":
        if isQuoted {
          field.append(scalar)
        } else {
          records[records.count - 1].append(String(field))
          field = .init()
          hasClosed = false
          if scalar == "\n" { records.append([]) }
        }
      default: field.append(scalar)
      }
    }
    return records.dropLast()
  }
}
