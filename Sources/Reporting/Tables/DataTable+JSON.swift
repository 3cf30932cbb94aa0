public import Results
import Studies

extension DataTable {
  /// The name of the format that ``jsonValue`` has.
  public static let schema = "gauntlet/table/1"

  /// The table as a line of canonical JSON, see ``jsonValue``.
  public var json: String { CanonicalJSON.string(jsonValue) + "\n" }

  /// The table as an object: its id, title, caption and columns, and an object for each row by the ids of
  /// the columns.
  ///
  /// Texts and numbers are such. An estimate is an object with `mean`, `low` and `high` (null for one
  /// seed), `lower_bound`, `mark`, and `place`, 1 for the best and 2 for the second, else null; what is
  /// no number has `missing` and `reason`. Numbers that are not finite are missing, since JSON has none.
  /// Ids that are taken get `_2` and so on.
  public var jsonValue: JSONValue {
    let ranking = TableRanking(self)
    let names = Self.unique(columns.map(\.id))
    return [
      "schema": .string(Self.schema), "id": .string(id), "title": .string(title),
      "caption": .string(caption),
      "columns": .array(
        zip(columns, names).enumerated().map { index, named in
          let (column, name) = named
          let better = ranksColumns.flatMap { isNumeric(index) ? $0 : nil } ?? column.better
          return [
            "id": .string(name), "title": .string(column.title),
            "better": .string(better.rawValue),
          ]
        }),
      "rows": .array(
        rows.enumerated().map { index, row in
          let values = row.values.enumerated().map { column, value in
            (names[column], Self.json(value, ranking[index, column]))
          }
          return .object(Dictionary(uniqueKeysWithValues: values))
        }),
    ]
  }

  private static func json(_ value: Value, _ place: TableRanking.Place?) -> JSONValue {
    switch value {
    case .text(let text): return .string(text)
    case .integer(let number): return .integer(number)
    case .number(let number, _): return self.number(number)
    case .estimate(let mean, let half, _, let isLowerBound, let mark):
      guard mean.isFinite else { return self.number(mean) }
      return [
        "mean": .number(mean), "low": half.map { self.number(mean - $0) } ?? .null,
        "high": half.map { self.number(mean + $0) } ?? .null, "lower_bound": .bool(isLowerBound),
        "mark": .string(mark), "place": place.map { .integer($0.rawValue) } ?? .null,
      ]
    case .missing(let word, let reason):
      return ["missing": .string(word), "reason": .string(reason)]
    }
  }

  private static func number(_ value: Double) -> JSONValue {
    value.isFinite
      ? .number(value) : ["missing": .string("\(value)"), "reason": "the number is not finite"]
  }
}
