/// A piece of an HTML page, built from elements and texts so that no text can become markup.
public indirect enum HTML: Hashable, Sendable {
  /// A text of anybody; it is escaped.
  case text(String)
  /// Markup that this program made, such as a drawing.
  case markup(String)
  case element(String, [Attribute], [HTML])
  case group([HTML])

  /// An attribute; a value of `nil` leaves it out.
  public struct Attribute: Hashable, Sendable {
    public var name: String
    public var value: String?

    public init(_ name: String, _ value: String?) {
      self.name = name
      self.value = value
    }
  }

  /// An element with attributes and children.
  public static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ children: HTML...
  ) -> HTML {
    .element(name, attributes.map { Attribute($0.key, $0.value) }, children)
  }

  /// An element with attributes and a list of children.
  public static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], all children: [HTML]
  ) -> HTML {
    .element(name, attributes.map { Attribute($0.key, $0.value) }, children)
  }

  /// The markup.
  public var markup: String {
    var text = ""
    write(to: &text)
    return text
  }

  /// Appends the markup; attribute values stand in double quotes.
  public func write(to text: inout String) {
    switch self {
    case .text(let content): text += XMLText.content(content)
    case .markup(let markup): text += markup
    case .group(let children): for child in children { child.write(to: &text) }
    case .element(let name, let attributes, let children):
      text += "<\(name)"
      for attribute in attributes {
        guard let value = attribute.value else { continue }
        text += " \(attribute.name)=\"\(XMLText.attribute(value))\""
      }
      text += ">"
      if Self.voidElements.contains(name) { return }
      for child in children { child.write(to: &text) }
      text += "</\(name)>"
    }
  }

  private static let voidElements: Set<String> = [
    "meta", "link", "br", "hr", "img", "input", "col",
  ]
}

extension HTML: ExpressibleByStringInterpolation {
  /// A text; it is escaped.
  public init(stringLiteral value: String) { self = .text(value) }
}
