/// Texts of others inside Markdown that goes to GitHub.
///
/// A name may hold pipes, backticks, HTML or line breaks; none of them may leave its table cell.
enum MarkdownText {
  /// The text as code; longer ones are cut after 200 characters.
  static func code(_ text: String) -> String {
    let shown = cut(text)
    guard !shown.isEmpty else { return "" }
    // Plain names stay readable in the source.
    return shown.utf8.allSatisfy(isPlain)
      ? "`\(shown)`" : "<code>\(entities(shown))</code>"
  }

  /// The text as text, with everything that Markdown or HTML could take for markup as an entity.
  static func plain(_ text: String) -> String { entities(cut(text)) }

  /// One row of a table.
  static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

  /// The header of a table and the line below it.
  static func header(_ cells: [String]) -> [String] {
    [row(cells), "|" + String(repeating: "---|", count: cells.count)]
  }

  private static func cut(_ text: String) -> String {
    // Scalars: combining marks can make a single character as long as a book.
    let start = text.unicodeScalars.prefix(mostScalars)
    let isWhole = start.endIndex == text.endIndex
    return isWhole ? Printable.escaped(text) : Printable.escaped(String(start)) + "…"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: "-_.+=/:,()%* ".utf8.contains(byte)
    }
  }

  private static func entities(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "|", "`", "*", "_", "~", "[", "]", "\\", "#", "!", "@", "$", ":", "\"", "'", "{", "}":
        result += "&#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static let mostScalars = 200
}
