import Markup
import Studies

/// Which fields of a table are the best and the second best.
///
/// Fields that show the same figure share a place, so that no digit that nobody sees decides. Rows
/// that are references take no part, nor do fields without a number, and neither does a lower bound
/// where less is better, since it may be any larger. Nothing is the best of one, and there is no
/// second among two.
public struct TableRanking: Hashable, Sendable {
  public enum Place: Int, Hashable, Sendable {
    case best = 1
    case second = 2
  }

  private struct Field: Hashable {
    var row: Int
    var column: Int
  }

  private var places: [Field: Place] = [:]

  /// The place of a field; `nil` for most.
  public subscript(row: Int, column: Int) -> Place? { places[Field(row: row, column: column)] }

  /// - Complexity: O(fields · log fields).
  public init(_ table: DataTable) {
    if let better = table.ranksColumns {
      for (row, line) in table.rows.enumerated() where !line.isReference {
        rank(table.columns.indices.map { Field(row: row, column: $0) }, of: table, better)
      }
      return
    }
    for (column, heading) in table.columns.enumerated() where heading.ranksRows {
      let rows = table.rows.indices.filter { !table.rows[$0].isReference }
      for group in Dictionary(grouping: rows, by: { table.rows[$0].group }).values {
        rank(group.map { Field(row: $0, column: column) }, of: table, heading.better)
      }
    }
  }

  private mutating func rank(_ fields: [Field], of table: DataTable, _ better: Score.Direction) {
    guard better != .none else { return }
    let figures = fields.compactMap { field -> (field: Field, value: Double)? in
      Self.figure(table.rows[field.row].values[field.column], better).map { (field, $0) }
    }
    guard figures.count > 1 else { return }
    let order = Set(figures.map(\.value)).sorted { better == .lower ? $0 < $1 : $0 > $1 }
    for (field, value) in figures {
      if value == order[0] {
        places[field] = .best
      } else if value == order[1], figures.count > 2 {
        places[field] = .second
      }
    }
  }

  /// The number as people see it; `nil` for what takes no part.
  private static func figure(_ value: DataTable.Value, _ better: Score.Direction) -> Double? {
    switch value {
    case .number(let number, let decimals):
      return number.isFinite ? Double(FixedPoint.text(number, decimals)) : nil
    case .estimate(let mean, _, let decimals, let isLowerBound, _):
      guard mean.isFinite, !(isLowerBound && better == .lower) else { return nil }
      return Double(FixedPoint.text(mean, decimals))
    case .integer(let number): return Double(number)
    case .text, .missing: return nil
    }
  }
}
