import Documents
import JSON
import Yams

extension JSONValue {
  /// What a node says; `nil` where that is no JSON.
  init?(_ node: Node) {
    switch node {
    case .scalar(let scalar):
      guard let plain = node.plain else {
        self = .string(scalar.string)
        return
      }
      switch plain {
      case "", "~", "null": self = .null
      case "true": self = .bool(true)
      case "false": self = .bool(false)
      default:
        if let value = node.wholeNumber {
          self = .integer(value)
        } else if let value = node.number {
          self = .number(value)
        } else if [".inf", "-.inf", ".nan"].contains(plain.lowercased()) {
          return nil
        } else {
          self = .string(plain)
        }
      }
    case .sequence(let items):
      let values = items.compactMap { JSONValue($0) }
      guard values.count == items.count else { return nil }
      self = .array(values)
    case .mapping(let pairs):
      var object: [String: JSONValue] = [:]
      for (key, value) in pairs {
        guard let name = key.string, let value = JSONValue(value) else { return nil }
        object[name] = value
      }
      self = .object(object)
    case .alias: return nil
    }
  }
}
