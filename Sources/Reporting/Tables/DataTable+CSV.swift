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
    var fields: [String] = []
    for row in rows {
      fields.removeAll(keepingCapacity: true)
      for (column, layout) in layouts.enumerated() { layout.add(row.values[column], to: &fields) }
      text += CSV.line(fields)
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
    hasInterval = table.rows.contains {
      if case .estimate = $0.values[column] { true } else { false }
    }
    hasMarks = table.rows.contains { !Self.mark($0.values[column]).isEmpty }
  }

  func names(_ id: String) -> [String] {
    [id] + (hasInterval ? ["\(id)_low", "\(id)_high"] : []) + (hasMarks ? ["\(id)_mark"] : [])
  }

  /// Adds as many fields as there are names.
  func add(_ value: DataTable.Value, to fields: inout [String]) {
    var ends = ("", "")
    switch value {
    case .text(let text): fields.append(CSV.text(text))
    case .integer(let number): fields.append(String(number))
    case .number(let number, _): fields.append(Self.text(number))
    case .estimate(let mean, let half, _, _, _):
      fields.append(Self.text(mean))
      if let half { ends = (Self.text(mean - half), Self.text(mean + half)) }
    case .missing: fields.append("")
    }
    if hasInterval { fields += [ends.0, ends.1] }
    if hasMarks { fields.append(CSV.text(Self.mark(value))) }
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
