/// What has changed in rows of examples that are kept elsewhere, to the bit.
///
/// A trigger changes a few numbers of a row, so the places of these are kept with them; of a row in which
/// more than half have changed, all numbers are. What a row had before it was changed again stays behind
/// in memory, since rows are changed once or twice.
struct RowEdits: Sendable {
  private struct Edit: Sendable {
    /// Where its numbers start.
    let start: Int
    let count: Int
    /// Where the columns of its numbers start; `nil`: they are the whole row.
    let columns: Int?
  }

  /// The edit of each row; -1: it is as it was.
  private var numbers: [Int32]
  private var edits: [Edit] = []
  private var columns: [Int32] = []
  private var values: [Float] = []

  /// No row has changed.
  init(rowCount: Int) { numbers = [Int32](repeating: -1, count: rowCount) }

  /// Keeps what one row is from now on.
  ///
  /// - Parameters:
  ///   - row: Which.
  ///   - new: Its numbers.
  ///   - old: What it is without any edit, as long.
  mutating func set(_ row: Int, to new: Span<Float>, insteadOf old: Span<Float>) {
    let start = values.count
    let firstColumn = columns.count
    var changed = 0
    for column in new.indices where new[column].bitPattern != old[column].bitPattern {
      changed += 1
    }
    let isWhole = 2 * changed > new.count
    for column in new.indices
    where isWhole || new[column].bitPattern != old[column].bitPattern {
      values.append(new[column])
      if !isWhole { columns.append(Int32(column)) }
    }
    numbers[row] = Int32(edits.count)
    edits.append(
      Edit(start: start, count: values.count - start, columns: isWhole ? nil : firstColumn))
  }

  /// Puts what has changed in a row into its numbers, which start at a place of others.
  func apply(_ row: Int, to target: inout MutableSpan<Float>, at first: Int) {
    let number = numbers[row]
    guard number >= 0 else { return }
    let edit = edits[Int(number)]
    if let start = edit.columns {
      for place in 0..<edit.count {
        target[first + Int(columns[start + place])] = values[edit.start + place]
      }
    } else {
      for place in 0..<edit.count { target[first + place] = values[edit.start + place] }
    }
  }

  /// The edits of some rows, in the given order.
  func selecting(_ rows: [Int]) -> RowEdits {
    var selected = self
    selected.numbers = rows.map { numbers[$0] }
    return selected
  }

  /// Replaces every number that has changed by what `body` makes of it and of its column.
  mutating func map(_ body: (Float, _ column: Int) -> Float) {
    for edit in edits {
      for place in 0..<edit.count {
        let column = edit.columns.map { Int(columns[$0 + place]) } ?? place
        values[edit.start + place] = body(values[edit.start + place], column)
      }
    }
  }
}
