import Foundation
import Testing

@testable import Charts

#if canImport(FoundationXML)
import FoundationXML
#endif

/// A drawing as an XML parser sees it.
final class ParsedDrawing: NSObject, XMLParserDelegate {
  struct Element {
    var name: String
    var attributes: [String: String]
    /// Its own classes and those of the groups around it.
    var classes: Set<String>
    var text = ""
    var title = ""

    func number(_ name: String) -> Double { attributes[name].flatMap(Double.init) ?? .nan }
  }

  private(set) var elements: [Element] = []
  private(set) var isWellFormed = false
  private var open: [(index: Int, name: String)] = []

  init(_ markup: String) {
    super.init()
    let parser = XMLParser(data: Data(markup.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  convenience init(_ drawing: Drawing) { self.init(drawing.inline(id: "x")) }

  func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  /// The texts that are not turned, with the boxes that they take by estimate.
  var textBoxes: [(text: String, box: Box)] {
    all("text").filter { $0.attributes["transform"] == nil }.map { element in
      let isTitle = element.classes.contains("c-title")
      let size = isTitle ? 13 : element.classes.contains("c-note") ? 9 : 11.0
      let isBold = isTitle || element.classes.contains("c-strong")
      let width = TextWidth.estimate(
        element.text, size: size, weight: isBold ? .bold : .regular)
      let shift =
        element.classes.contains("c-mid") ? 0.5 : element.classes.contains("c-end") ? 1 : 0
      return (
        element.text,
        Box(
          x: element.number("x") - shift * width, y: element.number("y") - size * 0.75,
          width: width, height: size * 0.75)
      )
    }
  }

  /// Texts that overlap another one or go beyond the drawing.
  func crowdedTexts(in drawing: Drawing) -> [String] {
    let boxes = textBoxes.sorted { ($0.box.x, $0.box.y) < ($1.box.x, $1.box.y) }
    var result: [String] = []
    for (index, one) in boxes.enumerated() {
      if one.box.x < -0.5 || one.box.right > drawing.width + 0.5 || one.box.y < -0.5
        || one.box.bottom > drawing.height + 0.5
      {
        result.append("outside: \(one.text)")
      }
      for other in boxes[(index + 1)...] {
        if other.box.x >= one.box.right { break }
        if one.box.overlaps(other.box) { result.append("\(one.text) / \(other.text)") }
      }
    }
    return result
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    let around = open.last.map { elements[$0.index].classes } ?? []
    let own = Set((attributes["class"] ?? "").split(separator: " ").map(String.init))
    elements.append(
      Element(name: name, attributes: attributes, classes: own.union(around)))
    open.append((elements.count - 1, name))
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    guard let (index, name) = open.last else { return }
    elements[index].text += text
    if name == "title", open.count > 1 { elements[open[open.count - 2].index].title += text }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    open.removeLast()
  }
}

/// Names that try to get out of where they stand.
let hostileNames = [
  "<script>alert(1)</script>", "a|b", "$&%_#{}~^\\", "=cmd()", "\u{1B}[31mred", "\u{202E}left",
  "\"quoted\" 'too'", "line\nbreak\ttab\rreturn", String(repeating: "long", count: 2500), "",
  "]]>", "&amp;", "\u{0}\u{FFFE}", "e\u{301}漢字👍🏽", String(repeating: "\u{301}", count: 5000),
]

/// Fixed draws for properties over many inputs (Steele et al., 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
