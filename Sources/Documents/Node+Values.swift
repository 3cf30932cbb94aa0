public import Diagnostics
public import Yams

extension Node {
  /// Where the node stands in the file, or which option gave it.
  public var position: SourcePosition? {
    if let option { return SourcePosition(option: option) }
    return mark.map { SourcePosition(line: $0.line, column: $0.column) }
  }

  /// The option that gave the node, which its tag says: nobody else has a use for tags.
  private var option: String? {
    let tag =
      switch self {
      case .scalar(let scalar): scalar.tag.rawValue
      case .mapping(let mapping): mapping.tag.rawValue
      case .sequence(let sequence): sequence.tag.rawValue
      case .alias: ""
      }
    return tag.hasPrefix("--") ? tag : nil
  }

  /// What the node is, for messages.
  public var kindName: String {
    switch self {
    case .scalar(let scalar) where plain == nil: "the text '\(excerpt(scalar.string))'"
    case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "'\(excerpt(scalar.string))'"
    case .mapping: "a mapping"
    case .sequence(let items): items.isEmpty ? "an empty list" : "a list"
    case .alias: "an alias"
    }
  }

  /// The text of a scalar that was written without quotes.
  public var plain: String? {
    guard case .scalar(let scalar) = self, scalar.style != .singleQuoted,
      scalar.style != .doubleQuoted
    else { return nil }
    return scalar.string
  }

  /// A whole number.
  public var wholeNumber: Int? { plain.flatMap { Int($0) } }

  /// A finite number; `1e-5` counts.
  public var number: Double? {
    guard let value = plain.flatMap({ Double($0) }), value.isFinite else { return nil }
    return value
  }
}
