public import Diagnostics
public import Yams

extension Node {
  public var position: SourcePosition? {
    mark.map { SourcePosition(line: $0.line, column: $0.column) }
  }

  /// What the node is, for messages.
  public var kindName: String {
    switch self {
    case .scalar(let scalar) where plain == nil: "the text '\(scalar.string)'"
    case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "'\(scalar.string)'"
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
