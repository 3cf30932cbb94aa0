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

  /// A free mapping with the value at a path replaced; what is on the way and no mapping gives way.
  init(setting path: ArraySlice<Substring>, of known: ArgumentValue?, to value: JSONValue) {
    var json = JSONValue.object([:])
    if case .text(let text)? = known {
      var scanner = JSONScanner(Array(text.utf8))
      if let read = try? scanner.value() { json = read }
    }
    self = .text(CanonicalJSON.string(json.setting(path, to: value)))
  }

  /// The name of the parameter, in whatever component has it.
  static let freeMapping = "params"
}

extension JSONValue {
  fileprivate func setting(_ path: ArraySlice<Substring>, to value: JSONValue) -> JSONValue {
    guard let name = path.first.map(String.init) else { return value }
    var members: [String: JSONValue] = [:]
    if case .object(let known) = self { members = known }
    members[name] = (members[name] ?? .object([:])).setting(path.dropFirst(), to: value)
    return .object(members)
  }
}
