import Results
import Studies

/// The ids of sections of a page, one per cell: `cell-backdoor-krum`, made unique.
///
/// They have no underscore, so that an id with one behind it is unique as well.
struct CellAnchors: Sendable {
  private let anchors: [CellID: String]

  /// Names the cells of a grid; the prefix is what ids of this study start with, where the page has
  /// several.
  init(_ grid: TrialGrid, prefix: String) {
    var ids = UniqueIDs()
    var anchors: [CellID: String] = [:]
    for cell in grid.cells {
      let axes = cell.axes.sorted { $0.key < $1.key }.map { "-\($0.key)-\($0.value)" }.joined()
      let base = prefix + "cell-" + Self.slug("\(cell.attack)-\(cell.defense)\(axes)")
      anchors[cell] = ids.id(base)
    }
    self.anchors = anchors
  }

  subscript(cell: CellID) -> String? { anchors[cell] }

  /// ASCII letters, digits, points and hyphens of a text, at most 80 of them: safe in ids, file names
  /// and fragments.
  static func slug(_ text: String) -> String {
    var slug = ""
    for byte in text.utf8.prefix(80) {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."):
        slug.unicodeScalars.append(Unicode.Scalar(byte))
      default: if !slug.hasSuffix("-") { slug += "-" }
      }
    }
    return slug
  }
}
