/// A page read strictly: every element closed, every attribute in double quotes, no bare signs.
struct PageMarkup {
  struct Element {
    var name: String
    var attributes: [String: String]
    /// The text in it and in what it holds.
    var text = ""
    /// The places of the elements around it, the outermost first.
    var parents: [Int]
  }

  private(set) var elements: [Element] = []
  /// What is not well-formed.
  private(set) var problems: [String] = []

  private static let voids: Set<String> = ["meta", "link", "br", "hr", "img", "input", "col"]

  init(_ page: String) {
    var rest = page[...]
    if !rest.hasPrefix("<!doctype html>\n") { problems.append("no doctype") }
    rest = rest.dropFirst("<!doctype html>\n".count)
    var open: [Int] = []
    while let start = rest.firstIndex(of: "<") {
      add(String(rest[..<start]), to: open)
      guard let end = rest[start...].firstIndex(of: ">") else {
        problems.append("a tag without an end")
        return
      }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        let name = String(tag.dropFirst())
        if open.last.map({ elements[$0].name }) != name {
          problems.append("</\(name)> closes nothing")
        }
        _ = open.popLast()
        continue
      }
      let element = Element(
        name: String(tag.prefix { $0 != " " && $0 != "/" }), attributes: attributes(tag),
        parents: open)
      elements.append(element)
      if Self.voids.contains(element.name) || tag.hasSuffix("/") { continue }
      open.append(elements.count - 1)
      guard ["style", "script"].contains(element.name), let close = rest.firstRange(of: "</") else {
        continue
      }
      elements[elements.count - 1].text = String(rest[..<close.lowerBound])
      rest = rest[close.lowerBound...]
    }
    add(String(rest), to: open)
    if !open.isEmpty { problems.append("\(open.map { elements[$0].name }) stay open") }
  }

  subscript(name: String) -> [Element] { elements.filter { $0.name == name } }

  func element(id: String) -> Element? { elements.first { $0.attributes["id"] == id } }

  /// The elements in the one with an id.
  func inside(_ id: String) -> [Element] {
    guard let place = elements.firstIndex(where: { $0.attributes["id"] == id }) else { return [] }
    return elements.filter { $0.parents.contains(place) }
  }

  var ids: [String] { elements.compactMap { $0.attributes["id"] } }

  /// What links and references of the page lead to on it.
  var targets: [String] {
    elements.flatMap { element in
      (element.attributes["href"].map { [String($0.dropFirst())] } ?? [])
        + (element.attributes["aria-labelledby"]?.split(separator: " ").map(String.init) ?? [])
    }
  }

  private mutating func add(_ text: String, to open: [Int]) {
    if text.contains(">") { problems.append("a bare > in '\(text.prefix(40))'") }
    let text = unescaped(text)
    for place in open { elements[place].text += text }
  }

  private mutating func unescaped(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let sign = rest.firstIndex(of: "&") {
      result += rest[..<sign]
      guard let end = rest[sign...].firstIndex(of: ";"),
        let value = Self.value(rest[rest.index(after: sign)..<end])
      else {
        problems.append("a bare & in '\(text.prefix(40))'")
        return text
      }
      result += value
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private static func value(_ name: Substring) -> String? {
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    default:
      guard name.hasPrefix("#"), let number = UInt32(name.dropFirst()) else { return nil }
      return Unicode.Scalar(number).map { String($0) }
    }
  }

  private mutating func attributes(_ tag: Substring) -> [String: String] {
    var found: [String: String] = [:]
    var rest = tag.drop { $0 != " " }.drop { $0 == " " }
    while !rest.isEmpty, rest != "/" {
      let name = String(rest.prefix { $0 != "=" })
      rest = rest.dropFirst(name.count)
      guard rest.hasPrefix("=\""), name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" })
      else {
        problems.append("an attribute without quotes in <\(tag.prefix(60))>")
        return found
      }
      let value = rest.dropFirst(2).prefix { $0 != "\"" }
      if found.updateValue(unescaped(String(value)), forKey: name) != nil {
        problems.append("two attributes \(name)")
      }
      rest = rest.dropFirst(2 + value.count + 1).drop { $0 == " " }
    }
    return found
  }
}
