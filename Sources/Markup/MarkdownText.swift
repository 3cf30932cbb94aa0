/// Texts of others inside Markdown that goes to GitHub.
///
/// A name may hold pipes, backticks, HTML or line breaks; none of them may leave its table cell.
public enum MarkdownText {
  /// The text as code; longer ones are cut after 200 characters.
  public static func code(_ text: String) -> String {
    let shown = cut(text)
    guard !shown.isEmpty else { return "" }
    // Plain names stay readable in the source.
    return shown.utf8.allSatisfy(isPlain)
      ? "`\(shown)`" : "<code>\(entities(shown))</code>"
  }

  /// The text as text, with everything that Markdown or HTML could take for markup as an entity.
  public static func plain(_ text: String) -> String { entities(cut(text)) }

  /// A text of any length on one line, escaped as ``plain(_:)`` does.
  public static func paragraph(_ text: String) -> String { entities(Printable.escaped(text)) }

  /// One row of a table.
  public static func row(_ cells: [String]) -> String {
    "| " + cells.joined(separator: " | ") + " |"
  }

  /// The header of a table and the line below it.
  public static func header(_ cells: [String]) -> [String] {
    [row(cells), "|" + String(repeating: "---|", count: cells.count)]
  }

  /// The header of a table whose columns of numbers are aligned on the right.
  ///
  /// - Precondition: One entry of `rightAligned` per cell.
  public static func header(_ cells: [String], rightAligned: [Bool]) -> [String] {
    precondition(
      cells.count == rightAligned.count,
      "markdown header: \(cells.count) cells against \(rightAligned.count) alignments")
    return [row(cells), "|" + rightAligned.map { $0 ? "---:|" : "---|" }.joined()]
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
    // GitHub makes a link of `www.`, wherever it stands.
    var run = 0
    for scalar in text.unicodeScalars {
      defer { run = scalar == "w" || scalar == "W" ? run + 1 : 0 }
      switch scalar {
      case "." where run >= 3: result += "&#46;"
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
