import Diagnostics

/// The rows of a file of comma-separated values, one by one, however long the file is.
///
/// As ``CSV`` writes them: rows end in a line feed, and one within quotes belongs to its field. What
/// follows the last line feed is what a kill left of a row, and is passed over.
struct CSVRows {
  /// Where a row lies in the bytes that are passed with it.
  struct Row {
    /// Without the line feed.
    var range: Range<Int>
    /// The line of the file in which it starts, from 1.
    var line: Int
    var fieldCount: Int
  }

  let path: String

  /// Passes on each row, until `body` returns `false`.
  ///
  /// - Throws: What `body` throws; `unreadable`; `malformed` for a row of more than 16 MiB.
  /// - Complexity: O(length) time, and memory for a piece of the file and the longest row.
  func forEach(
    _ body: (_ bytes: [UInt8], _ row: Row) throws(ResultError) -> Bool
  ) throws(ResultError) {
    let file = try UserFile.opened(path)
    var buffer: [UInt8] = []
    var cursor = Cursor()
    while true {
      let piece = try file.piece(of: path)
      if piece.isEmpty { return }
      buffer += piece
      while let row = cursor.next(in: buffer) {
        guard try body(buffer, row) else { return }
      }
      buffer.removeFirst(cursor.start)
      cursor.moveBack(by: cursor.start)
      guard buffer.count <= UserFile.lineLimit else {
        throw .malformed(path: path, line: cursor.firstLine, reason: UserFile.lineReason)
      }
    }
  }

  /// How far the rows of a buffer are told apart.
  private struct Cursor {
    /// The first byte of the row at hand.
    private(set) var start = 0
    private(set) var firstLine = 1
    /// The first byte that was not looked at.
    private var position = 0
    private var line = 1
    private var commaCount = 0
    private var isQuoted = false

    /// The next whole row; `nil` where the buffer ends before it does.
    mutating func next(in buffer: [UInt8]) -> Row? {
      let bytes = buffer.span
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: ","): if !isQuoted { commaCount += 1 }
        // A doubled quote within quotes ends them and starts them again.
        case UInt8(ascii: "\""): isQuoted.toggle()
        case UInt8(ascii: "\n"):
          line += 1
          if isQuoted { continue }
          let row = Row(
            range: start..<position - 1, line: firstLine, fieldCount: commaCount + 1)
          (start, firstLine, commaCount) = (position, line, 0)
          return row
        default: break
        }
      }
      return nil
    }

    /// Follows a buffer that lost its first bytes.
    mutating func moveBack(by count: Int) {
      start -= count
      position -= count
    }
  }
}
