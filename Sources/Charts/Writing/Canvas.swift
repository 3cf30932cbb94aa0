import Markup

/// SVG elements, one a line.
struct Canvas {
  /// Font sizes in pixels, as the style sheet has them.
  enum Font {
    static let text = 11.0
    static let title = 13.0
  }

  private(set) var content = ""

  mutating func path(_ data: String, _ classes: String, title: String? = nil) {
    guard !data.isEmpty else { return }
    element("path", "class=\"\(classes)\" d=\"\(data)\"", title: title)
  }

  /// A path with the classes of the group that it is in.
  mutating func path(_ data: String, title: String? = nil) {
    guard !data.isEmpty else { return }
    element("path", "d=\"\(data)\"", title: title)
  }

  mutating func rectangle(_ box: Box, _ classes: String, title: String? = nil) {
    let numbers = [("x", box.x), ("y", box.y), ("width", box.width), ("height", box.height)]
      .map { "\($0.0)=\"\(Pixels.text($0.1))\"" }.joined(separator: " ")
    element("rect", "class=\"\(classes)\" \(numbers)", title: title)
  }

  /// A text whose base line starts, ends or has its middle at a point, as its classes say, to the
  /// nearest pixel.
  ///
  /// Longer ones than the limit are cut; the whole text is then its `<title>`.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ classes: String = "", limit: Double = .infinity,
    size: Double = Font.text, weight: TextWidth.Weight = .regular, turned degrees: Double = 0,
    title whole: String? = nil
  ) {
    guard !text.isEmpty else { return }
    let printable = Printable.escaped(text)
    let (x, y) = (x.rounded(), y.rounded())
    let shown = TextWidth.cut(printable, to: limit, size: size, weight: weight)
    var attributes = classes.isEmpty ? "" : " class=\"\(classes)\""
    attributes += " x=\"\(Pixels.text(x))\" y=\"\(Pixels.text(y))\""
    if degrees != 0 {
      let place = "\(Pixels.text(x)) \(Pixels.text(y))"
      attributes += " transform=\"rotate(\(Pixels.text(degrees)) \(place))\""
    }
    let whole = whole.map(Printable.escaped) ?? printable
    let title = shown == whole ? "" : "<title>\(XMLText.content(whole))</title>"
    content += "<text\(attributes)>\(title)\(XMLText.content(shown))</text>\n"
  }

  /// Elements in a group with classes, which is left out if it is empty.
  mutating func group(_ classes: String, _ body: (inout Canvas) -> Void) {
    var inner = Canvas()
    body(&inner)
    guard !inner.content.isEmpty else { return }
    content += "<g class=\"\(classes)\">\n\(inner.content)</g>\n"
  }

  mutating func append(_ other: Canvas) { content += other.content }

  private mutating func element(_ name: String, _ attributes: String, title: String?) {
    guard let title, !title.isEmpty else {
      content += "<\(name) \(attributes)/>\n"
      return
    }
    let escaped = XMLText.content(Printable.escaped(title))
    content += "<\(name) \(attributes)><title>\(escaped)</title></\(name)>\n"
  }
}

/// A rectangle in pixels; y grows downwards.
struct Box: Hashable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }

  func overlaps(_ other: Box) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }
}
