import Components
import Documents
import JSON
import Yams

extension ArgumentValue {
  /// Reads the one parameter that may be a mapping of anything, which becomes canonical JSON.
  init?(mapping node: Node, of parameter: String) {
    guard parameter == Self.freeMapping, case .mapping = node, let value = JSONValue(node) else {
      return nil
    }
    self = .text(CanonicalJSON.string(value))
  }

  /// The name of the parameter, in whatever component has it.
  static let freeMapping = "params"
}

extension JSONValue {
  /// What a node says, by the rules of JSON: `true`, `false`, `null` and numbers without quotes;
  /// `nil` where a key is no text.
  init?(_ node: Node) {
    switch node {
    case .alias: return nil
    case .scalar(let scalar): self = Self.scalar(node, scalar.string)
    case .sequence(let items):
      let values = items.compactMap { JSONValue($0) }
      guard values.count == items.count else { return nil }
      self = .array(values)
    case .mapping(let pairs):
      var members: [String: JSONValue] = [:]
      for (key, value) in pairs {
        guard let name = key.string, let read = JSONValue(value) else { return nil }
        members[name] = read
      }
      self = .object(members)
    }
  }

  private static func scalar(_ node: Node, _ text: String) -> JSONValue {
    switch node.plain {
    case nil: .string(text)
    case "true": true
    case "false": false
    case "null", "~", "": nil
    default:
      node.wholeNumber.map { .integer($0) } ?? node.number.map { .number($0) } ?? .string(text)
    }
  }
}
