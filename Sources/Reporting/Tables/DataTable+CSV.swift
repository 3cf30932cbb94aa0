import Results

extension DataTable {
  /// The table as CSV with the ids of the columns as its first line and all digits of numbers.
  ///
  /// A column `x` of estimates is followed by `x_low` and `x_high`, the ends of the 95 % interval,
  /// empty for one seed; a column with marks or words by `x_mark`, which has `≥`, `!`, `/3` or such a
  /// word, and then the number is empty. Texts that a spreadsheet would run are disarmed. Columns
  /// whose names are taken get `_2` and so on.
  public var csv: String {
    let layouts = columns.indices.map { CSVColumn(self, $0) }
    let names = Self.unique(zip(columns, layouts).flatMap { $1.names($0.id) })
    var text = CSV.line(names.map(CSV.text))
    for row in rows {
      text += CSV.line(zip(row.values, layouts).flatMap { $1.fields($0) })
    }
    return text
  }

  /// The names with `_2`, `_3` and so on behind those that another one before has.
  static func unique(_ names: [String]) -> [String] {
    var taken: Set<String> = []
    return names.map { name in
      var (candidate, number) = (name, 1)
      while !taken.insert(candidate).inserted {
        number += 1
        candidate = "\(name)_\(number)"
      }
      return candidate
    }
  }
}

/// The columns of a file that one column of a table becomes.
private struct CSVColumn {
  private let hasInterval: Bool
  private let hasMarks: Bool

  init(_ table: DataTable, _ column: Int) {
    let values = table.rows.map { $0.values[column] }
    hasInterval = values.contains { if case .estimate = $0 { true } else { false } }
    hasMarks = values.contains { !Self.mark($0).isEmpty }
  }

  func names(_ id: String) -> [String] {
    [id] + (hasInterval ? ["\(id)_low", "\(id)_high"] : []) + (hasMarks ? ["\(id)_mark"] : [])
  }

  func fields(_ value: DataTable.Value) -> [String] {
    var main = ""
    var interval = ["", ""]
    switch value {
    case .text(let text): main = CSV.text(text)
    case .integer(let number): main = String(number)
    case .number(let number, _): main = Self.text(number)
    case .estimate(let mean, let half, _, _, _):
      main = Self.text(mean)
      if let half { interval = [Self.text(mean - half), Self.text(mean + half)] }
    case .missing: break
    }
    return [main] + (hasInterval ? interval : []) + (hasMarks ? [CSV.text(Self.mark(value))] : [])
  }

  private static func mark(_ value: DataTable.Value) -> String {
    switch value {
    case .estimate(_, _, _, let isLowerBound, let mark): (isLowerBound ? "≥" : "") + mark
    case .missing(let word, _): word
    case .text, .integer, .number: ""
    }
  }

  /// All digits; what is not finite as pandas reads it.
  private static func text(_ number: Double) -> String {
    guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
    return CanonicalJSON.number(number)
  }
}
