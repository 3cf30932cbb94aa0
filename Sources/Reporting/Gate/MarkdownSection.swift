/// A part of a Markdown page that gives way when the page grows too long.
struct MarkdownSection: Sendable {
  /// What stands before the rows, such as a title and the header of a table.
  var head: [String]
  /// Whole rows, or whole tables; the most important first.
  var rows: [String]
  /// What closes the section.
  var tail: [String]
  /// What a row is, such as `row` or `table`.
  var noun: String

  init(_ head: [String], rows: [String], tail: [String] = [], noun: String = "row") {
    self.head = head
    self.rows = rows
    self.tail = tail
    self.noun = noun
  }

  /// The section with as many rows as fit, and a line that counts the others.
  ///
  /// Takes what it used from `budget`, in bytes of UTF-8. Edge cases: without rows, or without
  /// room for the frame, it is empty.
  func text(budget: inout Int) -> String {
    guard !rows.isEmpty else { return "" }
    let frame = Self.size(head) + Self.size(tail) + Self.noteSize
    guard frame <= budget else { return "" }
    var room = budget - frame
    var shown: [String] = []
    for row in rows {
      let size = row.utf8.count + 1
      guard size <= room else { break }
      room -= size
      shown.append(row)
    }
    var lines = head + shown
    if shown.count < rows.count {
      lines += ["", "_\(counted(rows.count - shown.count, "more \(noun)")) left out for length._"]
    }
    let text = (lines + tail).map { $0 + "\n" }.joined()
    budget -= text.utf8.count
    return text
  }

  private static func size(_ lines: [String]) -> Int {
    lines.reduce(0) { $0 + $1.utf8.count + 1 }
  }

  /// No note about rows left out is longer.
  private static let noteSize = 80
}
